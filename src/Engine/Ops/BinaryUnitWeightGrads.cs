using ReSTE.Native.Operations;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Ops;

/// <summary>
/// The weights' gradients of several binary units as one op of the backward pass, on devices that find them together. It runs after the
/// last of the units, and what it reads of each of them is kept until then.
/// </summary>
internal sealed class BinaryUnitWeightGrads : Op
{
    private readonly IBinaryUnitWeightGrads _kernels;
    private readonly BinaryUnitArguments[] _units;

    private BinaryUnitWeightGrads(IBinaryUnitWeightGrads kernels, BinaryUnitArguments[] units) => (_kernels, _units) = (kernels, units);

    internal override string Layer => $"{_units[^1].Conv.Name} to {_units[0].Conv.Name}";

    internal override IEnumerable<Tensor?> ForwardTouches => [];

    internal override IEnumerable<Tensor?> BackwardTouches => _units.SelectMany(u => new[]
    {
        u.Dy, u.Conv, u.Scale, u.Mean, u.InvStd, u.DGamma, u.DBeta, u.XSigns, u.DSlices,
    });

    /// <summary>
    /// Called for the units in the order of recording: at the first of those that may be gathered, which runs last, all are.
    /// </summary>
    public static void Gather(RunOrder order, BinaryUnit first)
    {
        if (first.Unit.LeavesWeights || first.GathersWeights(order) is not { } kernels)
            return;
        BinaryUnit[] units = [.. order.Backward.OfType<BinaryUnit>().Where(u => u.GathersWeights(order) != null)];
        if (units.Length < 2)
            return;
        IReadOnlyList<int> slices = kernels.WeightGradSlices([.. units.Select(u => u.Unit.Geometry)]);
        for (int i = 0; i < units.Length; i++)
            units[i].LeaveWeights(slices[i]);
        order.InsertBackward(first, new BinaryUnitWeightGrads(kernels, [.. units.Select(u => u.Unit)]));
    }

    public override void Forward(IKernels kernels)
    {
    }

    public override void Backward(IKernels kernels) => _kernels.BinaryUnitWeightGrads(_units);
}
