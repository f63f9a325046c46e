using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ReSTE.Native.Devices;
using ReSTE.Native.Training;

namespace ReSTE.Native.Host;

/// <summary>What `bench kernels --list` writes as JSON: the launches of one training step, in order.</summary>
internal sealed record LaunchListing(string Model, string Dataset, int Batch, string Device, IReadOnlyList<ListedLaunch> Launches)
{
    // The file is no web page: a plus sign stays one.
    private static readonly LaunchListingJson s_json =
        new(new JsonSerializerOptions(LaunchListingJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>What fits a filter, under its number in the step.</summary>
    public static LaunchListing Of(Recipe recipe, KernelListing listing, KernelFilter filter) => new(recipe.Model, recipe.Dataset,
        recipe.BatchSize, listing.Device,
        [.. listing.Launches.Select((launch, index) => (launch, index)).Where(l => filter.Fits(l.launch))
            .Select(l => ListedLaunch.Of(l.index, l.launch))]);

    /// <summary>In one line: how many, and what they have to do together.</summary>
    public string Summary() => $"{Model}, batch {Numbers.Text(Batch)}, {Device}: {Plural.Of(Launches.Count, "launch", "launches")} a step, "
        + $"{Numbers.Fixed(Launches.Sum(l => l.Bytes) / 1e6, 1)} MB, multiply-adds of bits {Billions(l => l.Bits)}, of reals with bits "
        + $"{Billions(l => l.Sign)}, of reals {Billions(l => l.Real)}";

    public string Json() => JsonSerializer.Serialize(this, s_json.LaunchListing);

    private string Billions(Func<ListedLaunch, long> count) => Numbers.Fixed(Launches.Sum(count) / 1e9, 2) + " G";
}

/// <summary>One launch; bytes and multiply-adds as in <see cref="LaunchWork"/>.</summary>
internal sealed record ListedLaunch(
    int Index, string Kernel, string Layer, IReadOnlyList<uint> Grid, uint Block, long Bytes, long Bits, long Sign, long Real)
{
    public static ListedLaunch Of(int index, KernelLaunch l) => new(index, l.Kernel, l.Layer, [l.GridX, l.GridY, l.GridZ], l.Block,
        l.Work.Bytes, l.Work.Bits, l.Work.Sign, l.Work.Real);
}

/// <summary>Writes listings; generated when the program is built.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LaunchListing))]
internal sealed partial class LaunchListingJson : JsonSerializerContext;
