using ReSTE.Native.Estimators;
using ReSTE.Native.Operations;

namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Where a unit's inputs come from, and who else wants their gradients.</summary>
internal enum UnitUse
{
    /// <summary>x only; its gradient is written.</summary>
    Plain,

    /// <summary>A shortcut of its own, whose gradient is the output's.</summary>
    OwnShortcut,

    /// <summary>x is the shortcut too: its gradient is written, then added to.</summary>
    InputIsShortcut,

    /// <summary>A later op uses x: the unit adds to its gradient.</summary>
    InputUsedAgain,

    /// <summary>A later sum uses x and lends it its own gradient: the unit adds there.</summary>
    InputBorrows,

    /// <summary>Nobody needs the gradient of x.</summary>
    Images,
}

/// <summary>A tape of one unit, or of two of which the second has the first one's output as input and as shortcut.</summary>
internal sealed record UnitCase(ConvGeometry Geometry, UnitUse Use, Estimator Estimator, bool Training, bool IsChain = false)
{
    /// <summary>The units, by number.</summary>
    public IReadOnlyList<ConvGeometry> Units { get; } = IsChain
        ? [Geometry, new ConvGeometry(Geometry.N, Geometry.OH, Geometry.OW, Geometry.O, Geometry.O, 3, 1, 1)]
        : [Geometry];

    public override string ToString() =>
        $"{Geometry}, {Use}, {Estimator.Name}, {(Training ? "training" : "evaluation")}{(IsChain ? ", chain" : "")}";
}
