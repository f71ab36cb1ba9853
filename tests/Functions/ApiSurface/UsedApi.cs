using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace DataHealth.Functions.Tests.ApiSurface;

/// <summary>Every type and member that a compiled assembly refers to in another one, read from its metadata.</summary>
internal static class UsedApi
{
    /// <summary>The types used of <paramref name="other"/>, each with the members used, as generic definitions.</summary>
    public static ILookup<Type, MemberInfo> Of(Assembly assembly, Assembly other)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var reader = file.GetMetadataReader();
        var module = assembly.ManifestModule;
        var types = reader.TypeReferences.Select(handle => module.ResolveType(MetadataTokens.GetToken(handle)));
        var members = reader.MemberReferences.Select(handle => Resolve(module, MetadataTokens.GetToken(handle))).OfType<MemberInfo>();
        var named = assembly.GetTypes().SelectMany(Attributes).SelectMany(attribute => attribute.NamedArguments).Select(argument => argument.MemberInfo);
        return types.Select(type => (Type: type, Member: (MemberInfo)type))
            .Concat(members.Concat(named).Select(member => (Type: member as Type ?? member.DeclaringType!, Member: member)))
            .Where(use => use.Type.Assembly == other)
            .Select(use => (Type: use.Type.IsGenericType ? use.Type.GetGenericTypeDefinition() : use.Type, Member: Definition(use.Member)))
            .Distinct()
            .ToLookup(use => use.Type, use => use.Member);
    }

    private static MemberInfo? Resolve(Module module, int token)
    {
        try
        {
            return module.ResolveMember(token);
        }
        catch (ArgumentException)
        {
            return Resolve(module, token, typeof(object)) ?? Resolve(module, token, typeof(DayOfWeek));
        }
    }

    // Its parent has a parameter of the method that uses it: a type of that parameter tells which. Any type that keeps to its constraints does for a name.
    private static MemberInfo? Resolve(Module module, int token, Type any)
    {
        var some = Enumerable.Repeat(any, 8).ToArray();
        try
        {
            return module.ResolveMember(token, some, some);
        }
        catch (TypeLoadException)
        {
            return null;
        }
    }

    // A property's accessor stands for the property.
    private static MemberInfo Definition(MemberInfo member)
    {
        if (member is Type or PropertyInfo)
            return member;
        var definition = member.Module.ResolveMember(member.MetadataToken)!;
        if (definition is not MethodInfo { IsSpecialName: true } accessor)
            return definition;
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return accessor.DeclaringType!.GetProperties(All).FirstOrDefault(property => property.GetAccessors(nonPublic: true).Contains(accessor)) ?? definition;
    }

    private static IEnumerable<CustomAttributeData> Attributes(Type type)
    {
        const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        return type.CustomAttributes
            .Concat(type.GetMembers(All).SelectMany(member => member.CustomAttributes))
            .Concat(type.GetMethods(All).SelectMany(method => method.GetParameters()).SelectMany(parameter => parameter.CustomAttributes));
    }
}
