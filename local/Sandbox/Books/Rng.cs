namespace DataHealth.Local.Sandbox.Books;

/// <summary>SplitMix64: our own, so that no framework version changes a company.</summary>
internal struct Rng(ulong state)
{
    private ulong _state = state;

    public static Rng For(ulong seed, int kind, long index, int part = 0)
    {
        unchecked
        {
            var mixed = Mix(seed + 0x9E3779B97F4A7C15UL * (ulong)(kind + 1));
            mixed = Mix(mixed ^ ((ulong)index * 0xD1B54A32D192ED03UL));
            return new Rng(Mix(mixed + (ulong)part * 0x8CB92BA72F3D8DD7UL));
        }
    }

    public ulong Next()
    {
        unchecked
        {
            return Mix(_state += 0x9E3779B97F4A7C15UL);
        }
    }

    /// <summary>From 0 to <paramref name="bound"/> less one.</summary>
    public int Below(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    public int Between(int first, int last) => first + Below(last - first + 1);

    public bool PerMille(int chances) => Below(1000) < chances;

    /// <summary>An amount with two decimals, bounds in hundredths.</summary>
    public decimal Money(int first, int last)
    {
        var hundredths = Between(first, last);
        return new decimal(Math.Abs(hundredths), 0, 0, hundredths < 0, 2);
    }

    public Guid Guid()
    {
        var (high, low) = (Next(), Next());
        return new Guid(
            (int)(high >> 32), (short)(high >> 16), (short)((high & 0x0FFF) | 0x4000), (byte)(((low >> 56) & 0x3F) | 0x80), (byte)(low >> 48),
            (byte)(low >> 40), (byte)(low >> 32), (byte)(low >> 24), (byte)(low >> 16), (byte)(low >> 8), (byte)low);
    }

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }
    }
}
