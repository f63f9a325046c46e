using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>argument.txt: the date, then every setting as "name:  value", the published ones first and in their order, then ours.</summary>
internal static partial class ArgumentFile
{
    public static string Text(Recipe recipe, RunOptions options, string device, DateTime now)
    {
        var text = new StringBuilder(now.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)).Append("\n\n");
        foreach (var (name, value) in Published(recipe, options).Concat(Ours(recipe, options, device)))
            text.Append(name).Append(":  ").Append(value).Append('\n');
        return text.ToString();
    }

    /// <summary>Notes the number of epochs that a resumed run has now; the rest stays as it began. No file is no trouble.</summary>
    public static void SetEpochs(string path, int epochs)
    {
        if (!File.Exists(path))
            return;
        var text = File.ReadAllText(path);
        var changed = EpochsLine().Replace(text, $"epochs:  {Numbers.Text(epochs)}");
        if (changed != text)
            TextFile.Replace(path, changed);
    }

    [GeneratedRegex(@"^epochs:  \d+$", RegexOptions.Multiline)]
    private static partial Regex EpochsLine();

    private static IEnumerable<(string Name, string Value)> Published(Recipe recipe, RunOptions options) =>
    [
        ("results_dir", options.ResultsDir), ("save", options.Save), ("resume", Word(options.Resume)), ("evaluate", options.Evaluate ?? ""),
        ("seed", recipe.Seed.ToString(CultureInfo.InvariantCulture)), ("model", recipe.Model), ("dataset", recipe.Dataset),
        ("data_path", options.DataPath ?? ""), ("ts_type", options.TensorType), ("gpus", options.Gpus),
        ("lr", Numbers.Text(recipe.LearningRate)), ("weight_decay", Numbers.Text(recipe.WeightDecay)),
        ("momentum", Numbers.Text(recipe.Momentum)), ("workers", Numbers.Text(options.Workers)),
        ("epochs", Numbers.Text(recipe.Epochs)), ("start_epoch", Numbers.Text(recipe.StartEpoch)),
        ("batch_size", Numbers.Text(recipe.BatchSize)), ("batch_size_test", Numbers.Text(recipe.BatchSizeTest)),
        ("print_freq", Numbers.Text(options.PrintFrequency)),
        ("time_estimate", Numbers.Text(options.TimeEstimate)), ("a32", Word(recipe.RealActivations)), ("warm_up", Word(recipe.WarmUp)),
        ("estimator", recipe.Estimator), ("o_end", Numbers.Text(recipe.OEnd)), ("cal_ind", Word(recipe.Indicators)),
    ];

    private static IEnumerable<(string Name, string Value)> Ours(Recipe recipe, RunOptions options, string device) =>
    [
        ("optimiser", recipe.Optimiser), ("init", options.Init ?? ""), ("config", options.Config ?? ""), ("device", options.Device.Name),
        ("threads", Numbers.Text(options.Device.Threads)),
        ("limit_train", Numbers.Text(recipe.LimitTrain)), ("limit_test", Numbers.Text(recipe.LimitTest)),
        ("val_split", Numbers.Text(recipe.ValidationSplit)), ("normalise", recipe.Normalisation),
        ("estimator_arg", string.Join(' ', ArgumentPairs.Of(recipe))),
        ("progress", Words.Of(options.Progress)),
        ("tensorboard", Word(options.TensorBoard)), ("device_name", device), ("processor", Machine.Processor), ("runtime", Machine.Runtime),
        ("system", Machine.System), ("version", BuildInfo.Version),
    ];

    private static string Word(bool value) => value ? "True" : "False";
}
