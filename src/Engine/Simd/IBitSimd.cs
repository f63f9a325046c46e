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

    /// <summary>As <see cref="Count"/>, each bit counting two; as much as two words of the capacity.</summary>
    static abstract TSelf CountTwofold(TSelf words, TSelf partial);

    /// <summary>As <see cref="Count"/>, each bit counting four; as much as four words of the capacity.</summary>
    static abstract TSelf CountFourfold(TSelf words, TSelf partial);

    /// <summary>Writes low + 2^16 high, of words whose upper halves are zero.</summary>
    static abstract void StoreJoined(TSelf low, TSelf high, uint* target);

    /// <summary>The lower bit of the sum of three bits, for every bit of the words.</summary>
    static abstract TSelf SumOf(TSelf a, TSelf b, TSelf c);

    /// <summary>The upper bit of the sum of three bits.</summary>
    static abstract TSelf CarryOf(TSelf a, TSelf b, TSelf c);

    /// <summary>total + partial, total being one 32-bit integer a lane.</summary>
    static abstract TSelf Flush(TSelf partial, TSelf total);

    /// <summary>Writes factor * (valid - 2 * total) for the first <paramref name="lanes"/> lanes.</summary>
    static abstract void Store(TSelf total, int valid, float factor, float* target, int lanes);

    /// <summary>start - 2 * total: the products of signs, of which the differing ones were counted.</summary>
    static abstract TSelf Dots(TSelf total, int* start);

    /// <summary>max(dots, 0), of 32-bit integers.</summary>
    static abstract TSelf Rectify(TSelf dots);

    /// <summary>sum + value, of 32-bit integers.</summary>
    static abstract TSelf operator +(TSelf sum, TSelf value);

    /// <summary>sum + value squared, for values from 0 to 32,767.</summary>
    static abstract TSelf AddSquare(TSelf value, TSelf sum);

    /// <summary>Writes the first <paramref name="lanes"/> integers, each of which fits in 16 bits.</summary>
    static abstract void StoreShorts(TSelf dots, short* target, int lanes);

    /// <summary>target[i] += the integer of lane i, for the first <paramref name="lanes"/> lanes.</summary>
    static abstract void AddTo(TSelf sums, double* target, int lanes);

    /// <summary>32-bit integers as singles, whose bits are in the lanes.</summary>
    static abstract TSelf Singles(TSelf dots);

    /// <summary>Writes the words, or what else the lanes hold.</summary>
    static abstract void Store(TSelf words, void* target);

    /// <summary>One bit a lane, set where the one 32-bit integer is at most the other.</summary>
    static abstract uint AtMost(TSelf dots, TSelf bounds);
}
