using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

/// <summary>The same sizes as shapes of tensors.</summary>
internal readonly partial record struct ConvGeometry
{
    /// <summary>Shape of the input.</summary>
    public Shape Input => new(N, H, W, I);

    /// <summary>Shape of the weights.</summary>
    public Shape Weight => new(O, K, K, I);

    /// <summary>Shape of the output.</summary>
    public Shape Output => new(N, OH, OW, O);

    /// <summary>Multiply-adds, the same forward and for either gradient; those of taps in the padding count.</summary>
    public long Products => Output.Count * K * K * I;

    /// <summary>The geometry of x convolved with w, checked.</summary>
    public static ConvGeometry Of(string op, Shape x, Shape w, int stride, int padding)
    {
        if (x.Rank != 4 || w.Rank != 4 || w[1] != w[2] || w[3] != x[3])
            throw new ArgumentException($"{op}: expected x [N,H,W,I] and w [O,K,K,I] with the same I, got x {x} and w {w}");
        if (stride < 1 || padding < 0 || padding >= w[1])
            throw new ArgumentException($"{op}: stride {stride} and padding {padding} do not suit kernel {w}");
        var g = new ConvGeometry(x[0], x[1], x[2], x[3], w[0], w[1], stride, padding);
        if (x[1] + 2 * padding < w[1] || x[2] + 2 * padding < w[1])
            throw new ArgumentException($"{op}: the kernel {w} is larger than the padded input {x}");
        return g;
    }
}
