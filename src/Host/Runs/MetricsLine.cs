using System.Text.Json;
using System.Text.Json.Serialization;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// A line of metrics.jsonl: a step that was logged, or an epoch that is done. Numbers as in metrics.csv, empty ones left out.
/// </summary>
internal sealed record MetricsLine
{
    public const string Training = "training", Evaluating = "evaluating", WholeEpoch = "epoch";

    private static readonly JsonSerializerOptions s_options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A loss that is no number is what one looks for in such a file.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>What the line is about.</summary>
    public required string Phase { get; init; }

    /// <summary>From 0.</summary>
    public required int Epoch { get; init; }

    /// <summary>Of the pass, from 0.</summary>
    public int? Step { get; init; }

    /// <summary>Of the pass.</summary>
    public int? Steps { get; init; }

    /// <summary>Means over the step's images.</summary>
    public double? Loss { get; init; }

    /// <summary>As <see cref="Loss"/>, in percent.</summary>
    public double? Top1 { get; init; }

    /// <summary>As <see cref="Top1"/>.</summary>
    public double? Top5 { get; init; }

    /// <summary>Speed of the pass so far.</summary>
    [JsonPropertyName("images_per_s")]
    public double? Speed { get; init; }

    public double? Lr { get; init; }

    public double? O { get; init; }

    public double? TrainLoss { get; init; }

    [JsonPropertyName("train_top1")]
    public double? TrainTop1 { get; init; }

    [JsonPropertyName("train_top5")]
    public double? TrainTop5 { get; init; }

    public double? ValLoss { get; init; }

    [JsonPropertyName("val_top1")]
    public double? ValTop1 { get; init; }

    [JsonPropertyName("val_top5")]
    public double? ValTop5 { get; init; }

    public double? EstimatingError { get; init; }

    public double? GradientStability { get; init; }

    public double? Seconds { get; init; }

    /// <summary>When it was written, in seconds since 1970.</summary>
    public required double Time { get; init; }

    public static MetricsLine Of(in StepReport report, double imagesPerSecond, DateTime now) => new()
    {
        Phase = report.Phase == ReSTE.Native.Training.Phase.Training ? Training : Evaluating,
        Epoch = report.Epoch,
        Step = report.Step,
        Steps = report.Steps,
        Loss = report.Batch.Loss,
        Top1 = report.Batch.Top1,
        Top5 = report.Batch.Top5,
        Speed = Math.Round(imagesPerSecond, 1),
        Time = Unix(now),
    };

    public static MetricsLine Of(EpochReport report, DateTime now) => new()
    {
        Phase = WholeEpoch,
        Epoch = report.Epoch,
        Lr = report.LearningRate,
        O = report.O,
        TrainLoss = report.Train.Loss,
        TrainTop1 = report.Train.Top1,
        TrainTop5 = report.Train.Top5,
        ValLoss = report.Validation.Loss,
        ValTop1 = report.Validation.Top1,
        ValTop5 = report.Validation.Top5,
        EstimatingError = report.EstimatingError,
        GradientStability = report.GradientStability,
        Seconds = report.Seconds,
        Time = Unix(now),
    };

    /// <summary>Null of a line that is none.</summary>
    public static MetricsLine? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize<MetricsLine>(line, s_options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string Text() => JsonSerializer.Serialize(this, s_options);

    /// <summary>Whether a run that goes on with a step of an epoch writes it again.</summary>
    public bool IsAfter(int epoch, int step) => Epoch > epoch || (Epoch == epoch && (Phase != Training || Step >= step));

    /// <summary>Seconds since 1970.</summary>
    public static double Unix(DateTime now) => Math.Round((now.ToUniversalTime() - DateTime.UnixEpoch).TotalSeconds, 3);
}
