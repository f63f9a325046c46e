using System.CommandLine;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>
/// Makes settings out of parsed flags: defaults that depend on each other, names that must exist, combinations that make no sense.
/// </summary>
/// <param name="flags">Where they were parsed into.</param>
/// <param name="engine">What knows the names that exist.</param>
/// <param name="evaluates">Whether nothing is trained, whatever the flags say.</param>
/// <param name="onCpu">Whether it runs on this processor, whatever the flags say: then no GPU is looked for.</param>
internal sealed class RecipeReader(TrainingFlags flags, IEngine engine, bool evaluates = false, bool onCpu = false)
{
    private readonly List<string> _notices = [];

    public Settings Read(ParseResult parsed)
    {
        if (flags.Config.In(parsed) is { } config)
            _notices.Add(ConfigFile.Notice(parsed, config));
        var evaluating = evaluates || flags.Evaluate.In(parsed) is not null;
        var recipe = Recipe(parsed);
        KnownName.Check("data set", recipe.Dataset, engine.Datasets);
        KnownName.Check("model", recipe.Model, engine.Models(recipe.Dataset));
        KnownName.Check("estimator", recipe.Estimator, engine.Estimators);
        recipe = recipe with { Optimiser = KnownName.InAnyCase("optimiser", recipe.Optimiser, engine.Optimisers) };
        KnownName.Check("normalisation", recipe.Normalisation, Normalisation.Names);
        engine.Check(recipe);
        if (evaluating)
            recipe = recipe with { StartEpoch = -1, WarmUp = false, ValidationSplit = 0 };
        else
            CheckStart(parsed, recipe);
        _notices.AddRange(UnusedFlags.Given(parsed, recipe, engine));
        var options = Options(parsed, recipe.Dataset);
        if (UsesShapesByDefault(parsed))
            _notices.Add(evaluating ? ShapesDefaults.EvaluationNotice : ShapesDefaults.Notice(recipe));
        return new(recipe, options, _notices)
        {
            NamesBatchSizeTest = flags.BatchSizeTest.IsGiven(parsed),
            NamesEpochs = flags.Epochs.IsGiven(parsed),
        };
    }

    private void CheckStart(ParseResult parsed, Recipe recipe)
    {
        if (flags.Init.IsGiven(parsed) && flags.Resume.In(parsed))
            throw HostException.Misuse("--init and --resume exclude each other", "a resumed run goes on with its own weights");
        if (recipe.StartEpoch >= recipe.Epochs - 1)
            throw HostException.Misuse(
                $"--start_epoch {Numbers.Text(recipe.StartEpoch)} leaves nothing of --epochs {Numbers.Text(recipe.Epochs)} to train",
                "training begins at start_epoch + 1, and epochs count from 0");
        if (WarmUpRule.Check(recipe, engine.LargestRate) is { } warning)
            _notices.Add(warning);
    }

    private bool UsesShapesByDefault(ParseResult parsed) => !flags.Dataset.IsGiven(parsed) && !flags.DataPath.IsGiven(parsed);

    private Recipe Recipe(ParseResult parsed)
    {
        var dataset = UsesShapesByDefault(parsed) ? ShapesDefaults.Dataset : flags.Dataset.In(parsed)!;
        var shapes = dataset == ShapesDefaults.Dataset;
        return new()
        {
            Model = flags.Model.In(parsed)!,
            Dataset = dataset,
            Epochs = shapes && !flags.Epochs.IsGiven(parsed) ? ShapesDefaults.Epochs : flags.Epochs.In(parsed),
            StartEpoch = flags.StartEpoch.In(parsed),
            LearningRate = flags.LearningRate.In(parsed),
            Optimiser = flags.Optimiser.In(parsed)!,
            Momentum = flags.Momentum.In(parsed),
            WeightDecay = flags.WeightDecay.In(parsed),
            BatchSize = shapes && !flags.BatchSize.IsGiven(parsed) ? ShapesDefaults.BatchSize : flags.BatchSize.In(parsed),
            BatchSizeTest = flags.BatchSizeTest.In(parsed),
            Estimator = flags.Estimator.In(parsed)!,
            EstimatorArguments = flags.EstimatorArguments.In(parsed),
            OEnd = flags.OEnd.In(parsed),
            WarmUp = flags.WarmUp.In(parsed),
            RealActivations = flags.RealActivations.In(parsed),
            Indicators = flags.Indicators.In(parsed),
            Seed = flags.Seed.In(parsed),
            LimitTrain = flags.LimitTrain.In(parsed),
            LimitTest = flags.LimitTest.In(parsed),
            ValidationSplit = flags.ValidationSplit.In(parsed),
            Normalisation = flags.Normalisation.In(parsed)!,
        };
    }

    private RunOptions Options(ParseResult parsed, string dataset)
    {
        var gpus = flags.Gpus.In(parsed);
        return new()
        {
            DataPath = DataPath(parsed, dataset),
            ResultsDir = flags.ResultsDir.In(parsed)!,
            Save = flags.Save.In(parsed)!,
            Resume = flags.Resume.In(parsed),
            Evaluate = flags.Evaluate.In(parsed),
            Init = flags.Init.In(parsed),
            Config = flags.Config.In(parsed),
            Device = DeviceRule.Choose(
                onCpu ? DeviceRequest.Cpu : flags.Device.In(parsed), gpus, flags.Threads.In(parsed), engine, _notices),
            Gpus = string.Join(',', gpus),
            Workers = flags.Workers.In(parsed),
            TensorType = flags.TensorType.In(parsed)!,
            PrintFrequency = flags.PrintFrequency.In(parsed),
            TimeEstimate = flags.TimeEstimate.In(parsed),
            Progress = flags.Progress.In(parsed),
            TensorBoard = flags.TensorBoard.In(parsed),
        };
    }

    private string? DataPath(ParseResult parsed, string dataset)
    {
        if (dataset != ShapesDefaults.Dataset)
            return flags.DataPath.In(parsed) ?? TrainingFlags.DataFolder + dataset;
        if (flags.DataPath.IsGiven(parsed))
            _notices.Add($"--data_path is not used: '{dataset}' is built in");
        return null;
    }
}
