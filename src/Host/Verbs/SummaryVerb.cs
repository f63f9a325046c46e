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
        context.Out.WriteLine(
            $"{"layer".PadRight(width)}  {"kind",-10} {"weight",-18} {"output",-15} " +
            $"{"parameters",10} {"stored",7} {"input",7} {"products",11}");
        foreach (var layer in layers)
        {
            context.Out.WriteLine($"{layer.Name.PadRight(width)}  {layer.Kind,-10} {layer.Weight,-18} {layer.Output,-15} " +
                $"{Numbers.Text(layer.Parameters),10} {Bits(layer.BinaryWeights),7} {Bits(layer.BinaryInput),7} " +
                $"{Numbers.Text(layer.MultiplyAdds),11}");
        }
        context.Out.WriteLine(Total(layers));
        context.Out.WriteLine(Work(layers));
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

    /// <summary>What one image costs forward, by what each product is.</summary>
    private static string Work(IReadOnlyList<LayerSummary> layers)
    {
        long Of(Func<LayerSummary, bool> which) => layers.Where(which).Sum(layer => layer.MultiplyAdds);
        var (bits, signs) = (Of(layer => layer.BinaryInput), Of(layer => layer.BinaryWeights && !layer.BinaryInput));
        var real = Of(layer => !layer.BinaryWeights);
        return $"multiply-accumulates an image: {Numbers.Text(bits)} of bits with bits" +
            (signs > 0 ? $", {Numbers.Text(signs)} of reals with bits" : "") + $", {Numbers.Text(real)} of reals with reals";
    }
}
