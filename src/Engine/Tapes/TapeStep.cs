using ReSTE.Native.Messages;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>One direction of an op, in the order of a run.</summary>
/// <param name="Op">The op.</param>
/// <param name="IsBackward">Whether it runs backward.</param>
internal readonly record struct TapeStep(Op Op, bool IsBackward = false)
{
    /// <summary>What must have its place in memory while it runs.</summary>
    public IEnumerable<Tensor?> Touches => IsBackward ? Op.BackwardTouches : Op.ForwardTouches;

    /// <summary>What of it has to be read or written at least.</summary>
    public IEnumerable<Tensor?> Moves => IsBackward ? Op.BackwardMoves : Op.ForwardMoves;

    /// <summary>Runs it. Whatever it throws says of which layer it is.</summary>
    public void Run(IKernels kernels)
    {
        try
        {
            if (IsBackward)
                Op.Backward(kernels);
            else
                Op.Forward(kernels);
        }
        catch (Exception problem) when (FailureLayer.Note(problem, Op.Layer))
        {
            throw;
        }
    }
}
