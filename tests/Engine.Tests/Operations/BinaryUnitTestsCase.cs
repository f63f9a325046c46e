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

/// <summary>How many units a tape has.</summary>
internal enum UnitChain
{
    /// <summary>One.</summary>
    None,

    /// <summary>Two: the second has the first one's output as input and as shortcut.</summary>
    WithShortcut,

    /// <summary>Two: nobody else reads the first one's output, so it need not be stored.</summary>
    Plain,

    /// <summary>
    /// Three: the second halves the image and doubles the channels, the third adds the first one's output through an option A shortcut.
    /// </summary>
    Padded,

    /// <summary>Three: the third adds the first one's output, whose gradient then has two parts.</summary>
    Residual,

    /// <summary>Three, one after the other.</summary>
    Three,
}

/// <summary>A tape of one unit or several.</summary>
internal sealed record UnitCase(ConvGeometry Geometry, UnitUse Use, Estimator Estimator, bool Training, UnitChain Chain = UnitChain.None)
{
    /// <summary>Whether there are several.</summary>
    public bool IsChain => Chain != UnitChain.None;

    /// <summary>Filters of the second unit; 0 for as many as the first has.</summary>
    public int SecondFilters { get; init; }

    /// <summary>The units, by number.</summary>
    public IReadOnlyList<ConvGeometry> Units => Chain switch
    {
        UnitChain.None => [Geometry],
        UnitChain.Padded => [Geometry, Halved, After(Halved, Halved.O)],
        UnitChain.Residual or UnitChain.Three => [Geometry, After(Geometry, Geometry.O), After(Geometry, Geometry.O)],
        _ => [Geometry, After(Geometry, SecondFilters == 0 ? Geometry.O : SecondFilters)],
    };

    private ConvGeometry Halved => After(Geometry, 2 * Geometry.O, stride: 2);

    private static ConvGeometry After(in ConvGeometry g, int filters, int stride = 1) => new(g.N, g.OH, g.OW, g.O, filters, 3, stride, 1);

    public override string ToString() =>
        $"{Geometry}, {Use}, {Estimator.Name}, {(Training ? "training" : "evaluation")}{(IsChain ? $", chain {Chain}" : "")}";
}
