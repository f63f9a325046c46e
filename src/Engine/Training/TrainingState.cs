namespace ReSTE.Native.Training;

/// <summary>Where a run stands, beside its tensors: everything that a resumed run needs to go on as if it had never stopped.</summary>
public sealed record TrainingState
{
    /// <summary>The epoch under way or next to begin, from 0.</summary>
    public int Epoch { get; init; }

    /// <summary>Training images of it already done.</summary>
    public int Cursor { get; init; }

    /// <summary>Sum of losses over those images.</summary>
    public double LossSum { get; init; }

    /// <summary>Top-1 hits among those images.</summary>
    public double Top1Hits { get; init; }

    /// <summary>Top-5 hits among those images.</summary>
    public double Top5Hits { get; init; }

    /// <summary>Estimating error after the epoch's last step; null before it, or where it is not measured.</summary>
    public double? EstimatingError { get; init; }

    /// <summary>Gradient stability at the epoch's last step; null before it, or where it is not measured.</summary>
    public double? GradientStability { get; init; }

    /// <summary>Wall time spent on the epoch so far.</summary>
    public double Seconds { get; init; }

    /// <summary>Training steps done in the whole run.</summary>
    public long Steps { get; init; }

    /// <summary>Highest top-1 on the validation images, or else the test images, in percent; 0 before the first epoch.</summary>
    public double BestTop1 { get; init; }

    /// <summary>The epoch of it; -1 before the first, and where another program reached it, whose file does not say when.</summary>
    public int BestEpoch { get; init; } = -1;

    /// <summary>The epoch whose numbers the weights were last used with: the one under way, or else the last one done.</summary>
    internal int EpochOfWeights(int epochs) => Math.Clamp(Cursor > 0 ? Epoch : Epoch - 1, 0, epochs - 1);

    /// <summary>Whether an epoch that ends with this is better than all before.</summary>
    internal bool IsBest(PassResult validation) => validation.Top1 > BestTop1 || (BestEpoch < 0 && BestTop1 == 0);

    /// <summary>The start of the next epoch, after one that ended with this.</summary>
    internal TrainingState Next(PassResult validation) => new()
    {
        Epoch = Epoch + 1,
        Steps = Steps,
        BestTop1 = IsBest(validation) ? validation.Top1 : BestTop1,
        BestEpoch = IsBest(validation) ? Epoch : BestEpoch,
    };
}
