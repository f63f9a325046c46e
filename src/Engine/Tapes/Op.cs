using ReSTE.Native.Devices;
using ReSTE.Native.Operations;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Tapes;

/// <summary>
/// One recorded operation. It says which tensors each direction touches, so that memory can be planned, and asks once at sealing how to
/// treat the gradient of each input.
/// </summary>
internal abstract class Op
{
    /// <summary>
    /// Computes what the outputs take of the parameters alone, where <see cref="Forward"/> leaves that out: on a tape that evaluates,
    /// before the first run and again after the parameters have changed.
    /// </summary>
    public virtual void ReadParameters(IKernels kernels)
    {
    }

    /// <summary>Computes the outputs.</summary>
    public abstract void Forward(IKernels kernels);

    /// <summary>Computes or adds to the gradients of the inputs. Only called when an output's gradient exists.</summary>
    public virtual void Backward(IKernels kernels)
    {
    }

    /// <summary>The variable whose gradient starts <see cref="Backward"/>; null for an op without one.</summary>
    internal virtual Variable? Output => null;

    /// <summary>What its launches are listed under: the name of its result, or of the tensor that it is about.</summary>
    internal virtual string Layer => Output?.Value.Name ?? ForwardTouches.FirstOrDefault(t => t != null)?.Name ?? "step";

    /// <summary>Multiply-adds of <see cref="Forward"/>.</summary>
    internal virtual LaunchWork ForwardProducts => default;

    /// <summary>Multiply-adds of <see cref="Backward"/>.</summary>
    internal virtual LaunchWork BackwardProducts => default;

    /// <summary>
    /// The convolution that <see cref="Forward"/> computes, a product of matrices as one of single pixels; null for others.
    /// </summary>
    internal virtual ConvGeometry? Geometry => null;

    /// <summary>
    /// Called while sealing, in reverse recording order: asks <paramref name="seal"/> for the mode of every input's gradient.
    /// </summary>
    internal virtual void Connect(Sealing seal)
    {
    }

    /// <summary>
    /// Called once all ops are connected: may take over work of the op before it, or leave work to the one after it, by what
    /// <paramref name="order"/> says of them.
    /// </summary>
    internal virtual void Link(RunOrder order)
    {
    }

    /// <summary>
    /// Tensors that <see cref="ReadParameters"/> reads or writes; those that others touch too stay from one run to the next.
    /// </summary>
    internal virtual IEnumerable<Tensor?> ParameterTouches => [];

    /// <summary>Tensors that <see cref="Forward"/> reads or writes.</summary>
    internal abstract IEnumerable<Tensor?> ForwardTouches { get; }

    /// <summary>Tensors that <see cref="Backward"/> reads or writes, gradients included.</summary>
    internal virtual IEnumerable<Tensor?> BackwardTouches => [];

    /// <summary>
    /// What <see cref="Forward"/> really reads or writes, where that is less than <see cref="ForwardTouches"/>: the bytes of listings.
    /// </summary>
    internal virtual IEnumerable<Tensor?> ForwardMoves => ForwardTouches;

    /// <summary>The same of <see cref="Backward"/>.</summary>
    internal virtual IEnumerable<Tensor?> BackwardMoves => BackwardTouches;
}
