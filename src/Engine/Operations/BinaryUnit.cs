using ReSTE.Native.Slopes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Operations;

/// <summary>
/// What a device may offer beside <see cref="IKernels"/>: the unit of binary networks, [binary convolution, ReLU, batch norm, shortcut], as
/// one operation forward and one backward. The definition is the sequence of the single operations; fusing only saves trips to memory.
/// </summary>
internal interface IBinaryUnit
{
    /// <summary>Whether the device fuses the unit of a convolution.</summary>
    bool FusesUnit(in ConvGeometry g) => true;

    /// <summary>What <see cref="BinaryUnitArguments.Conv"/> consists of; null for the device's reals.</summary>
    ElementType? UnitConvType => null;

    /// <summary>
    /// Whether a unit does the second half of the unit before it, or of the batch norm before it, whose signs it takes.
    /// </summary>
    bool TakesSecondHalf(in ConvGeometry g) => false;

    /// <summary>
    /// In how many slices the device leaves the weights' gradient where the sum of them is another's business; 0 for none.
    /// </summary>
    int WeightGradSlices(in ConvGeometry g) => 0;

    /// <summary>
    /// BinaryConvForward into Conv, then BatchNormForward (or BatchNormEvaluate) of max(Conv, 0) plus Shortcut into Y, then
    /// SignPack of Y into YSigns. What comes after the statistics, the unit's second half, may be left to the next one:
    /// <see cref="BinaryUnitArguments.LeavesSecondHalf"/>.
    /// </summary>
    void BinaryUnitForward(BinaryUnitArguments unit);

    /// <summary>
    /// BatchNormBackward, then BinaryConvWeightGrad into DSigns, or into DSlices, and BinaryConvInputGrad into Dx. A unit may take what it
    /// wants of the one before from that one's memory, see <see cref="BinaryUnitArguments.Previous"/>, and pad a shortcut itself, see
    /// <see cref="BinaryUnitArguments.PaddedShortcut"/>.
    /// </summary>
    void BinaryUnitBackward(BinaryUnitArguments unit);
}

/// <summary>
/// Everything one binary unit reads and writes; made when it is recorded, its gradients filled in when the tape is sealed. Shapes as in
/// <see cref="IKernels"/>.
/// </summary>
internal sealed class BinaryUnitArguments
{
    /// <summary>Sizes of the convolution.</summary>
    public required ConvGeometry Geometry { get; init; }

    /// <summary>Whether batch norm takes the batch's statistics and keeps them.</summary>
    public required bool Training { get; init; }

    /// <summary>real [N,H,W,I]: the input; backward, the slope is taken there.</summary>
    public required Tensor X { get; init; }

    /// <summary>bits [N,H,W,words]: its signs.</summary>
    public required Tensor XSigns { get; init; }

    /// <summary>bits [O,K,K,words]: the signs of the weights.</summary>
    public required Tensor WSigns { get; init; }

    /// <summary>real [1]: their scale.</summary>
    public required Tensor Scale { get; init; }

    /// <summary>Constants of batch norm.</summary>
    public required BatchNormSettings Settings { get; init; }

    /// <summary>real [O]; null for ones.</summary>
    public required Tensor? Gamma { get; init; }

    /// <summary>real [O]; null for zeros.</summary>
    public required Tensor? Beta { get; init; }

    /// <summary>real [O].</summary>
    public required Tensor RunningMean { get; init; }

    /// <summary>real [O].</summary>
    public required Tensor RunningVariance { get; init; }

    /// <summary>real [N,OH,OW,O] or null: added after batch norm.</summary>
    public required Tensor? Shortcut { get; init; }

    /// <summary>out: [N,OH,OW,O], the convolution before ReLU: real, or whatever both directions of the device agree on.</summary>
    public required Tensor Conv { get; init; }

    /// <summary>out, in training: real [O], the batch's mean.</summary>
    public required Tensor Mean { get; init; }

    /// <summary>out, in training: real [O], one over the batch's deviation.</summary>
    public required Tensor InvStd { get; init; }

    /// <summary>out: real [N,OH,OW,O].</summary>
    public required Tensor Y { get; init; }

    /// <summary>out: bits [N,OH,OW,words], the signs of Y.</summary>
    public required Tensor YSigns { get; init; }

    /// <summary>The estimator's slope for activations.</summary>
    public required SlopeKind Slope { get; init; }

    /// <summary>real [4]: its parameters.</summary>
    public required Tensor SlopeParameters { get; init; }

    /// <summary>Working memory forward.</summary>
    public required Tensor? ForwardScratch { get; init; }

    /// <summary>Working memory backward.</summary>
    public required Tensor? BackwardScratch { get; init; }

    /// <summary>out: real [slices,O,K,K,I], whose sum is the gradient of scale * sign(w); null where DSigns is to be that sum.</summary>
    public Tensor? DSlices { get; internal set; }

    /// <summary>real [N,OH,OW,O]: gradient of Y. This and the following are known once the tape is sealed.</summary>
    public Tensor? Dy { get; internal set; }

    /// <summary>out: real [O].</summary>
    public Tensor? DGamma { get; internal set; }

    /// <summary>out: real [O].</summary>
    public Tensor? DBeta { get; internal set; }

    /// <summary>out: real [O,K,K,I], gradient of scale * sign(w).</summary>
    public Tensor? DSigns { get; internal set; }

    /// <summary>out: real [N,H,W,I]; null where nobody needs it.</summary>
    public Tensor? Dx { get; internal set; }

    /// <summary>How Dx is to be treated.</summary>
    public GradMode DxMode { get; internal set; }

    /// <summary>The unit whose Y is X, where this one is linked to it: it finds X or gives sums; else null.</summary>
    public BinaryUnitArguments? Previous { get; internal set; }

    /// <summary>Whether X is stored, and not to be found from the Conv of the previous unit.</summary>
    public bool StoresX => Previous is not { StoresY: false };

    /// <summary>
    /// Whether Y is stored. Where its signs are all that others read, it is not, and the next unit finds X from the Conv of this one.
    /// </summary>
    public bool StoresY { get; internal set; } = true;

    /// <summary>real [N,H',W',C]: its ShortcutPad, which is not stored, is the shortcut; null where Shortcut is as it stands.</summary>
    public Tensor? PaddedShortcut { get; internal set; }

    /// <summary>real [N,ceil(H/2),ceil(W/2),C']: its ShortcutPadBackward is added to Dx too; null for none.</summary>
    public Tensor? DPadded { get; internal set; }

    /// <summary>The unit whose Y is X, and whose second half this one does first; null for none.</summary>
    public BinaryUnitArguments? UnitToFinish { get; internal set; }

    /// <summary>The batch norm whose Y is X, and whose second half this unit does first; null for none.</summary>
    public NormApplication? NormToFinish { get; internal set; }

    /// <summary>Whether the next unit does this one's second half.</summary>
    public bool LeavesSecondHalf { get; internal set; }

    /// <summary>real [N,H,W,I]: is added to Dx too, in the mode Write: the gradient of X as a shortcut; null for none.</summary>
    public Tensor? DShortcut { get; internal set; }

    /// <summary>Whether DSlices is left to <see cref="IBinaryUnitWeightGrads.BinaryUnitWeightGrads"/>.</summary>
    public bool LeavesWeights { get; internal set; }

    /// <summary>
    /// Whether this unit is the last to reach the gradient of its X, and finds DGamma and DBeta of the previous one with it.
    /// </summary>
    public bool GivesSums { get; internal set; }

    /// <summary>Whether DGamma and DBeta are there before the unit's backward pass: the next unit gives them.</summary>
    public bool SumsAreGiven { get; internal set; }
}
