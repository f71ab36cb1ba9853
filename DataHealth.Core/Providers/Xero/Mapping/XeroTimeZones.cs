namespace DataHealth.Core.Providers.Xero.Mapping;

/// <summary>
/// Xero names time zones as Windows does, in capitals and without spaces (<c>GMTSTANDARDTIME</c>). The map is our own, since the runtime's needs ICU data that a small
/// container lacks. Places are those that Unicode's CLDR gives for "the world".
/// </summary>
internal static class XeroTimeZones
{
    private static readonly Dictionary<string, string> Iana = Parse(
        """
        DATELINE Etc/GMT+12|UTC-11 Etc/GMT+11|ALEUTIAN America/Adak|HAWAIIAN Pacific/Honolulu|MARQUESAS Pacific/Marquesas|ALASKAN America/Anchorage|UTC-09 Etc/GMT+9
        PACIFIC(MEXICO) America/Tijuana|UTC-08 Etc/GMT+8|PACIFIC America/Los_Angeles|USMOUNTAIN America/Phoenix|MOUNTAIN(MEXICO) America/Mazatlan|MOUNTAIN America/Denver
        YUKON America/Whitehorse|CENTRALAMERICA America/Guatemala|CENTRAL America/Chicago|EASTERISLAND Pacific/Easter|CENTRAL(MEXICO) America/Mexico_City
        CANADACENTRAL America/Regina|SAPACIFIC America/Bogota|EASTERN(MEXICO) America/Cancun|EASTERN America/New_York|HAITI America/Port-au-Prince|CUBA America/Havana
        USEASTERN America/Indiana/Indianapolis|TURKSANDCAICOS America/Grand_Turk|PARAGUAY America/Asuncion|ATLANTIC America/Halifax|VENEZUELA America/Caracas
        CENTRALBRAZILIAN America/Cuiaba|SAWESTERN America/La_Paz|PACIFICSA America/Santiago|NEWFOUNDLAND America/St_Johns|TOCANTINS America/Araguaina
        E.SOUTHAMERICA America/Sao_Paulo|SAEASTERN America/Cayenne|ARGENTINA America/Argentina/Buenos_Aires|GREENLAND America/Nuuk|MONTEVIDEO America/Montevideo
        MAGALLANES America/Punta_Arenas|SAINTPIERRE America/Miquelon|BAHIA America/Bahia|UTC-02 Etc/GMT+2|MID-ATLANTIC Etc/GMT+2|AZORES Atlantic/Azores
        CAPEVERDE Atlantic/Cape_Verde|UTC Etc/UTC|COORDINATEDUNIVERSALTIME Etc/UTC|GMT Europe/London|GREENWICH Atlantic/Reykjavik|SAOTOME Africa/Sao_Tome|MOROCCO Africa/Casablanca
        W.EUROPE Europe/Berlin|CENTRALEUROPE Europe/Budapest|ROMANCE Europe/Paris|CENTRALEUROPEAN Europe/Warsaw|W.CENTRALAFRICA Africa/Lagos|JORDAN Asia/Amman
        GTB Europe/Bucharest|MIDDLEEAST Asia/Beirut|EGYPT Africa/Cairo|E.EUROPE Europe/Chisinau|SYRIA Asia/Damascus|WESTBANK Asia/Hebron|SOUTHAFRICA Africa/Johannesburg
        FLE Europe/Kyiv|ISRAEL Asia/Jerusalem|SOUTHSUDAN Africa/Juba|KALININGRAD Europe/Kaliningrad|SUDAN Africa/Khartoum|LIBYA Africa/Tripoli|NAMIBIA Africa/Windhoek
        ARABIC Asia/Baghdad|TURKEY Europe/Istanbul|ARAB Asia/Riyadh|BELARUS Europe/Minsk|RUSSIAN Europe/Moscow|E.AFRICA Africa/Nairobi|VOLGOGRAD Europe/Volgograd
        IRAN Asia/Tehran|ARABIAN Asia/Dubai|ASTRAKHAN Europe/Astrakhan|AZERBAIJAN Asia/Baku|RUSSIATIMEZONE3 Europe/Samara|MAURITIUS Indian/Mauritius
        SARATOV Europe/Saratov|GEORGIAN Asia/Tbilisi|CAUCASUS Asia/Yerevan|AFGHANISTAN Asia/Kabul|WESTASIA Asia/Tashkent|QYZYLORDA Asia/Qyzylorda
        EKATERINBURG Asia/Yekaterinburg|PAKISTAN Asia/Karachi|INDIA Asia/Kolkata|SRILANKA Asia/Colombo|NEPAL Asia/Kathmandu|CENTRALASIA Asia/Bishkek
        BANGLADESH Asia/Dhaka|OMSK Asia/Omsk|MYANMAR Asia/Yangon|SEASIA Asia/Bangkok|ALTAI Asia/Barnaul|W.MONGOLIA Asia/Hovd|NORTHASIA Asia/Krasnoyarsk
        N.CENTRALASIA Asia/Novosibirsk|TOMSK Asia/Tomsk|CHINA Asia/Shanghai|NORTHASIAEAST Asia/Irkutsk|SINGAPORE Asia/Singapore|W.AUSTRALIA Australia/Perth
        TAIPEI Asia/Taipei|ULAANBAATAR Asia/Ulaanbaatar|AUSCENTRALW. Australia/Eucla|TRANSBAIKAL Asia/Chita|TOKYO Asia/Tokyo|NORTHKOREA Asia/Pyongyang
        KOREA Asia/Seoul|YAKUTSK Asia/Yakutsk|CEN.AUSTRALIA Australia/Adelaide|AUSCENTRAL Australia/Darwin|E.AUSTRALIA Australia/Brisbane
        AUSEASTERN Australia/Sydney|WESTPACIFIC Pacific/Port_Moresby|TASMANIA Australia/Hobart|VLADIVOSTOK Asia/Vladivostok|LORDHOWE Australia/Lord_Howe
        BOUGAINVILLE Pacific/Bougainville|RUSSIATIMEZONE10 Asia/Srednekolymsk|MAGADAN Asia/Magadan|NORFOLK Pacific/Norfolk|SAKHALIN Asia/Sakhalin
        CENTRALPACIFIC Pacific/Guadalcanal|RUSSIATIMEZONE11 Asia/Kamchatka|NEWZEALAND Pacific/Auckland|UTC+12 Etc/GMT-12|FIJI Pacific/Fiji
        KAMCHATKA Asia/Kamchatka|CHATHAMISLANDS Pacific/Chatham|UTC+13 Etc/GMT-13|TONGA Pacific/Tongatapu|SAMOA Pacific/Apia|LINEISLANDS Pacific/Kiritimati
        """);

    /// <summary>The IANA name, or null when the name is not known to us.</summary>
    public static string? ToIana(string? xero)
    {
        if (string.IsNullOrWhiteSpace(xero))
            return null;
        var name = string.Concat(xero.Where(letter => !char.IsWhiteSpace(letter))).ToUpperInvariant();

        // "EASTERNSTANDARDTIME(MEXICO)" keeps its bracket, "AUSCENTRALW.STANDARDTIME" its full stop.
        return Iana.GetValueOrDefault(name.Replace("STANDARDTIME", "", StringComparison.Ordinal)) ?? Iana.GetValueOrDefault(name);
    }

    private static Dictionary<string, string> Parse(string table) =>
        table.Split(['|', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(entry => entry.Split(' '))
            .ToDictionary(entry => entry[0], entry => entry[1], StringComparer.Ordinal);
}
