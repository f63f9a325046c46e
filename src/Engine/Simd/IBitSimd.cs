namespace ReSTE.Native.Simd;

/// <summary>A vector of 32-bit words that can count bits: one output channel a lane.</summary>
/// <typeparam name="TSelf">The vector type.</typeparam>
internal unsafe interface IBitSimd<TSelf> where TSelf : unmanaged, IBitSimd<TSelf>
{
    /// <summary>Lanes.</summary>
    static abstract int Lanes { get; }

    /// <summary>How many words <see cref="Count"/> may be given before <see cref="Flush"/> must be called.</summary>
    static abstract int Capacity { get; }

    static abstract TSelf Load(uint* words);

    static abstract TSelf Broadcast(uint word);

    static abstract TSelf operator ^(TSelf a, TSelf b);

    /// <summary>partial + the bits set in words, in a form that only <see cref="Flush"/> understands.</summary>
    static abstract TSelf Count(TSelf words, TSelf partial);

    /// <summary>total + partial, total being one 32-bit integer a lane.</summary>
    static abstract TSelf Flush(TSelf partial, TSelf total);

    /// <summary>Writes factor * (valid - 2 * total) for the first <paramref name="lanes"/> lanes.</summary>
    static abstract void Store(TSelf total, int valid, float factor, float* target, int lanes);
}
