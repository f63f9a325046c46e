using System.CommandLine;
using System.CommandLine.Parsing;
using static ReSTE.Native.Host.FlagOrigin;

namespace ReSTE.Native.Host;

/// <summary>
/// The flags of training as a sweep takes them: as text, for a value may be a list. What the text means is decided cell by cell, by the
/// flags themselves.
/// </summary>
internal sealed class SweepFlags
{
    /// <summary>Those that belong to one run: a sweep names its folders and resumes them itself.</summary>
    private static readonly string[] s_ofOneRun = ["--save", "--resume", "--evaluate"];

    private static readonly string[] s_integers =
        ["--seed", "--epochs", "--start_epoch", "--batch_size", "--batch_size_test", "--limit_train", "--limit_test"];

    private static readonly string[] s_lists =
    [
        .. s_integers, "--model", "--dataset", "--lr", "--weight_decay", "--momentum", "--estimator", "--o_end", "--optimiser",
            "--val_split", "--normalise",
    ];

    /// <summary>Repeated, a list for each argument of an estimator.</summary>
    public const string Arguments = "--estimator_arg";

    /// <summary>Those that decide no number of a run.</summary>
    private static readonly string[] s_circumstances =
    [
        "--results_dir", "--data_path", "--ts_type", "--gpus", "--workers", "--print_freq", "--time_estimate", "--device", "--threads",
        "--progress", "--tensorboard",
    ];

    /// <summary>Those with one value that could be taken for lists.</summary>
    private static readonly string[] s_single = ["--device", "--workers", "--print_freq", "--time_estimate", "--threads", "--progress"];

    // A file is no value of a cell: its flags are.
    private readonly IReadOnlyList<IFlag> _raw = [.. new TrainingFlags().All.Where(flag => !s_ofOneRun.Contains(flag.Name)).Select(flag =>
        flag.Name == ConfigFile.Flag ? flag : Raw(flag))];

    public Flag<int> Jobs { get; } = Flags.Choice(Ours, "--jobs", "N", 0, "one a thread; always 1 on a GPU",
        "cells that train side by side, sharing --threads; no result depends on it", text => Numbers.Integer(text, 1, 1024));

    public IReadOnlyList<IFlag> All => [.. _raw, Jobs];

    /// <summary>Whether two sweeps that differ in this flag have different results.</summary>
    public static bool Decides(SweepFlag flag) => !s_circumstances.Contains(flag.Name);

    /// <summary>Whether --progress none was given.</summary>
    public static bool IsQuiet(Sweep sweep) => sweep.Flags.Any(flag => flag is { Name: "--progress", Values: ["none"] });

    /// <summary>The flags that were given, in the order of their first use.</summary>
    public IReadOnlyList<SweepFlag> Given(ParseResult parsed)
    {
        var named = parsed.Tokens.Where(token => token.Type == TokenType.Option && token.Value != ConfigFile.Flag)
            .Select(token => token.Value).Distinct();
        return
        [
            .. named.Select(name => _raw.FirstOrDefault(flag => flag.Name == name)).OfType<IFlag>()
                .SelectMany(flag => flag is Flag<string[]> text ? Read(flag.Name, text.In(parsed)) : [new(flag.Name, [], IsList: false)]),
        ];
    }

    private IEnumerable<SweepFlag> Read(string name, string[] values)
    {
        if (name == Arguments)
            return ReadArguments(values);
        if (s_lists.Contains(name))
            return [SweepFlag.List(name, values[^1], s_integers.Contains(name))];
        if (s_single.Contains(name) && values[^1].Contains(',', StringComparison.Ordinal))
            throw HostException.Misuse($"{name}: '{values[^1]}' is a list, and a sweep has one value of it", "no result depends on it");
        return [new(name, [values[^1]], IsList: false)];
    }

    /// <summary>A list for each argument, the last of a repeated one, in the order of their first use.</summary>
    private IEnumerable<SweepFlag> ReadArguments(string[] pairs)
    {
        var lists = new OrderedDictionary<string, string>();
        foreach (var pair in pairs)
        {
            try
            {
                var (name, values) = ArgumentPairs.Split(pair);
                lists[name] = values;
            }
            catch (FormatException problem)
            {
                throw HostException.Misuse($"{Arguments}: {problem.Message}");
            }
        }
        return lists.Select(list => SweepFlag.List($"{Arguments} {list.Key}", list.Value, isInteger: true) with
        {
            Name = Arguments,
            Argument = list.Key,
            // OvSW's momentum is not --momentum.
            Word = _raw.Any(flag => flag.Name == "--" + list.Key) ? "arg." + list.Key : list.Key,
        });
    }

    private static IFlag Raw(IFlag flag)
    {
        string[] aliases = [.. flag.Aliases];
        if (flag.IsSwitch)
            return Flags.Switch(flag.Origin, flag.Name, flag.Description!, aliases);
        var value = s_lists.Contains(flag.Name) || flag.Name == Arguments ? flag.ValueName + ",..." : flag.ValueName;
        var text = flag.Name switch
        {
            "--results_dir" => "folder of the sweep, with a run folder for each cell",
            Arguments => "a setting of the estimators that have it, e.g. t=1,1.5; may be repeated",
            _ => flag.Description!,
        };
        return new Flag<string[]>(flag.Name, flag.Origin, value, [], flag.DefaultText, text, values => [.. values], aliases);
    }
}
