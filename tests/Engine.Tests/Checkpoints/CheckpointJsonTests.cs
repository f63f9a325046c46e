using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

/// <summary>The generated JSON code writes and reads what reflection did, which wrote the files of earlier versions.</summary>
public sealed class CheckpointJsonTests
{
    private static readonly JsonSerializerOptions s_reflection =
        new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, RespectNullableAnnotations = true };

    [Fact]
    public void It_writes_what_reflection_writes()
    {
        var arguments = new Dictionary<string, EstimatorArgument> { ["t"] = 1.5, ["é"] = -0.0, ["preset"] = "corrected" };
        var recipe = new Recipe { Seed = ulong.MaxValue, LearningRate = 1 / 3.0, OEnd = 1e-30, EstimatorArguments = arguments };
        AssertSame(recipe, CheckpointJson.Default.Recipe);
        var state = new TrainingState { LossSum = double.NaN, Top1Hits = double.PositiveInfinity, Steps = 7 };
        AssertSame(state with { EstimatingError = double.NegativeInfinity }, CheckpointJson.Default.TrainingState);
        var input = new NetworkInput(new(32, 16, 3), 10, [0.485f, 0.456f, 1e-9f], [0.229f, 0.224f, 3e9f]);
        AssertSame(input, CheckpointJson.Default.NetworkInput);
    }

    [Fact]
    public void It_reads_what_the_version_before_wrote()
    {
        SafetensorsFile file = SafetensorsFile.Open(CheckpointFiles.Kept);
        string added = file.Metadata["recipe"][..^1] + ""","ValidationSplit":0,"Optimiser":"SGD","Normalisation":"data"}""";
        AssertReadsBack(added, CheckpointJson.Default.Recipe);
        Assert.Equal(added, JsonSerializer.Serialize(
            CheckpointJson.Read(file.Metadata["recipe"], CheckpointJson.Default.Recipe, new Recipe())!, CheckpointJson.Default.Recipe));
        AssertReadsBack(file.Metadata["state"], CheckpointJson.Default.TrainingState);
        AssertReadsBack(file.Metadata["input"], CheckpointJson.Default.NetworkInput);
    }

    /// <summary>Runs without validation images of their own are told apart by what the version before wrote of them.</summary>
    [Fact]
    public void Data_without_a_validation_part_are_written_as_before() =>
        AssertReadsBack("""{"Train":"a","Test":"b","CropPadding":4,"Flip":true}""", CheckpointJson.Default.DataIdentity);

    [Fact]
    public void What_a_text_does_not_mention_is_at_its_default()
    {
        const string Text = """{"Epochs":7,"Later":[1],"OEnd":"NaN","Epochs":8}""";
        Recipe recipe = CheckpointJson.Read(Text, CheckpointJson.Default.Recipe, new Recipe())!;
        Assert.Equal(new Recipe { Epochs = 8, OEnd = double.NaN, EstimatorArguments = recipe.EstimatorArguments }, recipe);
        Assert.Empty(recipe.EstimatorArguments);
        TrainingState state = CheckpointJson.Read("{}", CheckpointJson.Default.TrainingState, new TrainingState())!;
        Assert.Equal(new TrainingState(), state);
    }

    [Theory]
    [InlineData("""{"Model":null}""")]
    [InlineData("""{"EstimatorArguments":null}""")]
    [InlineData("""{"Epochs":"1"}""")]
    [InlineData("""{"Epochs":1.5}""")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("")]
    public void What_is_no_recipe_is_refused(string text) =>
        Assert.ThrowsAny<JsonException>(() => CheckpointJson.Read(text, CheckpointJson.Default.Recipe, new Recipe()));

    [Fact]
    public void Nothing_is_nothing() => Assert.Null(CheckpointJson.Read("null", CheckpointJson.Default.Recipe, new Recipe()));

    private static void AssertSame<T>(T value, JsonTypeInfo<T> type) =>
        Assert.Equal(JsonSerializer.Serialize(value, s_reflection), JsonSerializer.Serialize(value, type));

    // What has come since stands after it.
    private static void AssertReadsBack<T>(string text, JsonTypeInfo<T> type) where T : class =>
        Assert.StartsWith(text[..^1], JsonSerializer.Serialize(CheckpointJson.Read(text, type, defaults: null)!, type),
            StringComparison.Ordinal);
}
