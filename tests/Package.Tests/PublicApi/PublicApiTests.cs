using ReSTE.Native.Training;

namespace ReSTE.Native.Package.Tests.PublicApi;

/// <summary>What the libraries show to the world changes only on purpose: it is written down, one line a type or member.</summary>
public sealed class PublicApiTests
{
    private const string Sources = "tests/Package.Tests/PublicApi";

    public static TheoryData<Type> Libraries =>
        [typeof(Trainer), typeof(Data.Datasets), typeof(Images.ImageFolder), typeof(Inference.BinaryModel)];

    [Theory]
    [MemberData(nameof(Libraries), DisableDiscoveryEnumeration = true)]
    public void The_public_api_is_the_one_written_down(Type inLibrary)
    {
        string name = inLibrary.Assembly.GetName().Name + ".txt";
        string file = Path.Combine(AppContext.BaseDirectory, "PublicApi", name), received = file + ".received";
        string[] expected = File.Exists(file) ? File.ReadAllLines(file) : [];
        IReadOnlyList<string> actual = ApiText.Of(inLibrary.Assembly);
        if (expected.SequenceEqual(actual))
            return;
        File.WriteAllText(received, string.Join('\n', actual) + "\n");
        IEnumerable<string> gone = expected.Except(actual).Select(line => "- " + line);
        IEnumerable<string> added = actual.Except(expected).Select(line => "+ " + line);
        Assert.Fail($"the public API of {inLibrary.Assembly.GetName().Name} has changed:\n"
            + $"{string.Join('\n', gone.Concat(added).DefaultIfEmpty("only in its order"))}\n"
            + $"If that is meant, accept it: cp {received} {Sources}/{name}");
    }

    [Theory]
    [MemberData(nameof(Libraries), DisableDiscoveryEnumeration = true)]
    public void Every_public_type_is_documented(Type inLibrary)
    {
        string documentation = File.ReadAllText(Path.ChangeExtension(inLibrary.Assembly.Location, ".xml"));
        Assert.All(inLibrary.Assembly.GetExportedTypes(),
            type => Assert.Contains($"name=\"T:{type.FullName!.Replace('+', '.')}\"", documentation, StringComparison.Ordinal));
    }
}
