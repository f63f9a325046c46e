namespace ReSTE.Native.Devices.Cpu;

/// <summary>What is done with a convolution's row of sums while it is in the first-level cache.</summary>
internal unsafe interface IRowFinish
{
    /// <summary>Is told that a row comes next, before its sums are computed.</summary>
    void Expect(in RowPlan plan, long image, int row);

    /// <summary>Takes the sums [columns, padded channels] of one row of the result.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="padded">Singles from a pixel's sums to the next one's.</param>
    /// <param name="plan">Sizes of the result.</param>
    /// <param name="image">Which image.</param>
    /// <param name="row">Which of its rows.</param>
    void Row(float* sums, int padded, in RowPlan plan, long image, int row);
}
