namespace ReSTE.Native.Simd;

/// <summary>A vector of 32-bit words: an output channel a lane where it counts bits, a block a lane where it makes random ones.</summary>
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

    /// <summary>The lower 32 bits of each product.</summary>
    static abstract TSelf operator *(TSelf a, TSelf b);

    /// <summary>The upper 32 bits of each product.</summary>
    static abstract TSelf MultiplyHigh(TSelf a, TSelf b);

    /// <summary>Writes the lower and the upper sixteen bits of each word as the numbers they are, a lane after the other.</summary>
    static abstract void StoreHalves(TSelf words, float* low, float* high);

    /// <summary>partial + the bits set in words, in a form that only <see cref="Flush"/> understands.</summary>
    static abstract TSelf Count(TSelf words, TSelf partial);

    /// <summary>Whether it pays to add words up bit by bit, as the next two do, before their bits are counted.</summary>
    static abstract bool SavesCarries { get; }

    /// <summary>
    /// Adds the bits of four words, broadcast and xor w each, to a sum in three parts: ones and twos hold one bit of it in each place, the
    /// partial count the rest. Returns the partial count.
    /// </summary>
    static abstract TSelf CountFour(uint* a, uint* b, uint* c, uint* d, in (TSelf A, TSelf B, TSelf C, TSelf D) w, ref TSelf ones,
        ref TSelf twos, TSelf partial);

    /// <summary>partial + the bits set in ones + twice those set in twos.</summary>
    static abstract TSelf CountCarried(TSelf ones, TSelf twos, TSelf partial);

    /// <summary>total + partial, total being one 32-bit integer a lane.</summary>
    static abstract TSelf Flush(TSelf partial, TSelf total);

    /// <summary>Writes factor * (valid - 2 * total) for the first <paramref name="lanes"/> lanes.</summary>
    static abstract void Store(TSelf total, int valid, float factor, float* target, int lanes);

    /// <summary>base - 2 * total in every lane, as a single.</summary>
    static abstract TSelf Dots(TSelf total, int* bases);

    /// <summary>Writes the words, or what else the lanes hold.</summary>
    static abstract void Store(TSelf words, void* target);

    /// <summary>One bit a lane, set where base - 2 * total is at most the bound.</summary>
    static abstract uint AtMost(TSelf total, int* bases, int* bounds);
}
