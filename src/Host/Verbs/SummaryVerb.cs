using System.CommandLine;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>`reste summary`: a network layer by layer, with what is binary in it.</summary>
internal sealed class SummaryVerb(IEngine engine, TrainingFlags flags)
    : Verb("summary", "Lists a network layer by layer: what is binary, shapes, parameters, bits.",
        [flags.Model, flags.Dataset, flags.RealActivations, flags.Estimator])
{
    private const int RealBits = 32;

    public SummaryVerb(IEngine engine) : this(engine, new())
    {
    }

    public override int Run(ParseResult parsed, HostContext context)
    {
        var layers = engine.Summarize(Recipe(parsed));
        var width = layers.Max(layer => layer.Name.Length);
        context.Out.WriteLine($"{"layer".PadRight(width)}  {"kind",-16} {"weight",-18} {"parameters",10} {"stored",8} {"input",8}");
        foreach (var layer in layers)
        {
            context.Out.WriteLine($"{layer.Name.PadRight(width)}  {layer.Kind,-16} {layer.Weight,-18} " +
                $"{Numbers.Text(layer.Parameters),10} {Bits(layer.BinaryWeights),8} {Bits(layer.BinaryInput),8}");
        }
        context.Out.WriteLine(Total(layers));
        return ExitCode.Done;
    }

    private Recipe Recipe(ParseResult parsed)
    {
        var dataset = KnownName.Check("data set", flags.Dataset.In(parsed)!, engine.Datasets);
        return new()
        {
            Dataset = dataset,
            Model = KnownName.Check("model", flags.Model.In(parsed)!, engine.Models(dataset)),
            RealActivations = flags.RealActivations.In(parsed),
            Estimator = KnownName.Check("estimator", flags.Estimator.In(parsed)!, engine.Estimators),
        };
    }

    private static string Bits(bool isBinary) => isBinary ? "1 bit" : "32 bits";

    private static string Total(IReadOnlyList<LayerSummary> layers)
    {
        var all = layers.Sum(layer => layer.Parameters);
        var binary = layers.Where(layer => layer.BinaryWeights).Sum(layer => layer.Parameters);
        var bytes = (binary + (all - binary) * RealBits + 7) / 8;
        return $"{Plural.Of(all, "parameter")}, {Numbers.Text(binary)} of them binary; " +
            $"{Numbers.Text(bytes)} bytes packed, {Numbers.Text(all * 4)} as float32";
    }
}
