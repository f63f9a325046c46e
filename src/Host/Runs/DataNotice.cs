using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>What there is to say about a checkpoint and the data at hand, where they do not forbid each other.</summary>
internal static class DataNotice
{
    /// <summary>A run goes on; other data would have been refused.</summary>
    public static IEnumerable<string> Resuming(string checkpoint, DataMatch match) => match == DataMatch.Unknown
        ? [$"{checkpoint} was saved by an earlier version: whether these are the data it was trained on could not be compared"]
        : [];

    /// <summary>Any data may be evaluated on.</summary>
    public static IEnumerable<string> Evaluating(string checkpoint, WeightsSource source, Recipe recipe) => source.Recipe is null
        ? [WeightsNotice.Evaluating(checkpoint, source, recipe)]
        : source.Data == DataMatch.Other
        ? [$"evaluating on other data than {checkpoint} was trained and tested on"]
        : [];
}
