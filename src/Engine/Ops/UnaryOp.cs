using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>An op of one value that gives another: what all of them do alike.</summary>
internal abstract class UnaryOp : Op
{
    /// <param name="tape">Where it is recorded.</param>
    /// <param name="name">Of its result.</param>
    /// <param name="x">What it takes.</param>
    /// <param name="y">Shape of what it gives.</param>
    protected UnaryOp(Tape tape, string name, Variable x, Shape y)
    {
        X = x;
        Y = tape.NewVariable(name, y);
    }

    internal sealed override Variable? Output => Y;
    internal override IEnumerable<Tensor?> ForwardTouches => [X.Value, Y.Value];

    /// <summary>What it takes.</summary>
    protected Variable X { get; }

    /// <summary>What it gives.</summary>
    protected Variable Y { get; }

    public sealed override void Backward(IKernels kernels)
    {
        if (Mode != GradMode.None)
            Backward(kernels, Y.Gradient!, X.Gradient!, Mode);
    }

    internal sealed override void Connect(Sealing seal) => Mode = seal.Contribute(X);

    /// <summary>How the gradient of what it takes is to be treated; known once the tape is connected.</summary>
    protected GradMode Mode { get; private set; }

    /// <summary>Appends it to the tape; returns its result.</summary>
    protected Variable RecordOn(Tape tape)
    {
        tape.Record(this);
        return Y;
    }

    /// <summary>Computes the gradient of x from that of y.</summary>
    protected abstract void Backward(IKernels kernels, Tensor dy, Tensor dx, GradMode mode);
}
