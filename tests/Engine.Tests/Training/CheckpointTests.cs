using System.Text.Json.Nodes;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Engine.Tests.Checkpoints;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Tapes;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Training;

/// <summary>What a checkpoint holds, and what is refused as one, with nothing of the run touched.</summary>
public sealed class CheckpointTests : IDisposable
{
    private static readonly Recipe s_recipe = TinyRun.Recipe;

    private readonly TemporaryFolder _folder = new();
    private readonly TinyRun _run = new(s_recipe);

    private string Checkpoint => _folder.File("checkpoint.safetensors");

    public CheckpointTests() => _run.Trainer.Save(Checkpoint);

    public void Dispose()
    {
        _run.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void It_holds_a_state_dict_under_the_published_names()
    {
        _run.Trainer.RunEpoch(null, CancellationToken.None);
        _run.Trainer.Save(Checkpoint);
        SafetensorsFile file = SafetensorsFile.Open(Checkpoint);
        Assert.Equal([16L, 3L, 3L, 3L], file["conv1.weight"].Shape);
        Assert.Equal([32L, 16L, 3L, 3L], file["layer2.0.conv1.weight"].Shape);
        Assert.Equal([10L, 64L], file["linear.weight"].Shape);
        Assert.Equal([64L], file["layer3.2.bn2.running_var"].Shape);
        Assert.Equal([16L, 3L, 3L, 3L], file["momentum/conv1.weight"].Shape);
        Assert.Empty(file["bn1.num_batches_tracked"].Shape);
        Assert.Equal([TinyRun.Steps], file.ReadInt64("layer1.1.bn2.num_batches_tracked"));
        Assert.Equal(20, file.Tensors.Count(t => t.Name.EndsWith(".num_batches_tracked", StringComparison.Ordinal)));
        foreach (Parameter p in _run.Trainer.Parameters.Parameters)
        {
            Assert.Equal(-1, Snapshot.FirstDifference(p.Read(), file.ReadFloat64(p.Name)));
            Assert.Equal(-1, Snapshot.FirstDifference(p.States["momentum"].Read(), file.ReadFloat64("momentum/" + p.Name)));
        }
    }

    [Fact]
    public void Other_settings_are_listed()
    {
        var arguments = new Dictionary<string, EstimatorArgument> { ["t"] = 2 };
        string message = Refused(Checkpoint, s_recipe with { LearningRate = 0.2, Seed = 8, EstimatorArguments = arguments });
        foreach (string difference in new[] { "LearningRate was 0.05, is 0.2", "Seed was 7, is 8",
            "EstimatorArguments was {\"interval\":0.1,\"t\":1.5}, is {\"interval\":0.1,\"t\":2}" })
            Assert.Contains(difference, message, StringComparison.Ordinal);
        Assert.DoesNotContain("Momentum", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_network_is_refused()
    {
        Assert.Contains("Model was resnet20_1w1a, is resnet20", Refused(Checkpoint, s_recipe with { Model = "resnet20" }),
            StringComparison.Ordinal);
        using var other = new TinyRun(s_recipe with { Model = "resnet20" });
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => other.Trainer.LoadWeights(Checkpoint));
        Assert.EndsWith("holds the network resnet20_1w1a, not resnet20", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(CheckpointFault.OtherNetwork, refusal.Kind);
        Assert.Equal([new SettingDifference("Model", "resnet20_1w1a", "resnet20")], refusal.Settings);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void A_file_cut_short_is_refused(double share)
    {
        byte[] bytes = File.ReadAllBytes(Checkpoint);
        File.WriteAllBytes(Checkpoint, bytes[..(int)(share * bytes.Length)]);
        Refused(Checkpoint, s_recipe);
    }

    [Fact]
    public void A_missing_file_is_refused() =>
        Assert.Contains("no such file", Refused(_folder.File("none"), s_recipe), StringComparison.Ordinal);

    [Theory]
    [InlineData("layer1.0.conv1.weight")]
    [InlineData("momentum/linear.bias")]
    [InlineData("bn1.running_var")]
    public void A_missing_tensor_is_named(string name)
    {
        Rewrite(skip: name);
        Assert.Contains($"1 missing ('{name}')", Refused(Checkpoint, s_recipe).Replace('"', '\''), StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_too_many_is_named()
    {
        Rewrite(add: "layer9.conv1.weight");
        Assert.Contains("layer9.conv1.weight", Refused(Checkpoint, s_recipe), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_shape_is_named()
    {
        Rewrite(flatten: "layer3.2.conv2.weight");
        _run.Trainer.RunEpoch(null, CancellationToken.None);
        Assert.Contains("layer3.2.conv2.weight has shape [36864], the network wants [64,64,3,3]", Refused(Checkpoint, s_recipe),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Another_safetensors_file_is_refused()
    {
        var writer = new SafetensorsWriter();
        writer.Add("w", [1], [1f]);
        writer.Save(Checkpoint);
        Assert.Contains("not a checkpoint of this program", Refused(Checkpoint, s_recipe), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void A_flipped_bit_is_refused(double place)
    {
        byte[] bytes = File.ReadAllBytes(Checkpoint);
        bytes[(int)(place * bytes.Length)] ^= 4;
        File.WriteAllBytes(Checkpoint, bytes);
        Assert.EndsWith("is not as it was written: changed or damaged", Refused(Checkpoint, s_recipe), StringComparison.Ordinal);
    }

    [Fact]
    public void An_argument_given_at_its_default_is_the_same_recipe()
    {
        Recipe given = s_recipe with { EstimatorArguments = new Dictionary<string, EstimatorArgument> { ["t"] = 1.5 } };
        using var resumed = new TinyRun(given);
        resumed.Trainer.Resume(Checkpoint);
        resumed.Trainer.Save(Checkpoint);
        Assert.Contains("{\"t\":1.5,\"interval\":0.1}", SafetensorsFile.Open(Checkpoint).Metadata["recipe"], StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_estimator_arguments_does_not_matter()
    {
        Recipe Ordered(params string[] names) =>
            s_recipe with { EstimatorArguments = names.ToDictionary(n => n, n => (EstimatorArgument)(n == "t" ? 1.25 : 0.2)) };
        using (var saved = new TinyRun(Ordered("t", "interval")))
            saved.Trainer.Save(Checkpoint);
        using var resumed = new TinyRun(Ordered("interval", "t"));
        resumed.Trainer.Resume(Checkpoint);
    }

    [Fact]
    public void Weights_of_another_data_set_are_refused_for_evaluation()
    {
        using var run = new TinyRun(s_recipe with { Dataset = s_recipe.Dataset == "shapes" ? "cifar10" : "shapes" });
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => run.Trainer.LoadWeights(Checkpoint));
        Assert.EndsWith("was trained on cifar10, not on shapes", refusal.Message, StringComparison.Ordinal);
        Assert.Equal((CheckpointFault.OtherDataset, "cifar10"), (refusal.Kind, Assert.Single(refusal.Settings).Saved));
    }

    [Fact]
    public void Other_activations_are_refused_for_evaluation()
    {
        using var run = new TinyRun(s_recipe with { RealActivations = true });
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => run.Trainer.LoadWeights(Checkpoint));
        Assert.EndsWith("was trained with binary activations", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([new SettingDifference("RealActivations", "False", "True")], refusal.Settings);
    }

    [Theory]
    [InlineData("Epoch", -1)]
    [InlineData("Epoch", 4)]
    [InlineData("Cursor", -8)]
    [InlineData("Cursor", 41)]
    [InlineData("Cursor", 3)]
    public void A_state_that_cannot_be_is_refused(string field, int value)
    {
        Rewrite(state: state => state[field] = value);
        Refused(Checkpoint, s_recipe);
    }

    [Theory]
    [InlineData("recipe")]
    [InlineData("state")]
    [InlineData("data")]
    public void Damaged_metadata_is_refused(string key)
    {
        string[] more = key == "data" ? ["{}", "{\"Train\":\"a\"}"] : ["{\"Model\":\"\\ud800\",\"Epoch\":1.5}"];
        string[] nulls = ["{\"EstimatorArguments\":null,\"Epoch\":null}", "{\"Model\":null,\"Cursor\":\"x\"}"];
        foreach (string json in more.Concat(nulls).Concat(["", "{", "null", "[]", "7"]))
        {
            Rewrite(metadata: (key, json));
            Assert.Contains(key, Refused(Checkpoint, s_recipe), StringComparison.Ordinal);
        }
    }

    /// <summary>Resumes, expects a refusal that leaves every number as it was, and returns its message.</summary>
    private string Refused(string path, Recipe recipe)
    {
        using TinyRun? other = recipe == s_recipe ? null : new TinyRun(recipe);
        TinyRun run = other ?? _run;
        Dictionary<string, double[]> before = run.State();
        TrainingState state = run.Trainer.State;
        string message = Assert.Throws<CheckpointException>(() => run.Trainer.Resume(path)).Message;
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.Equal(state, run.Trainer.State);
        Snapshot.AssertSame("refused", before, run.State());
        return message;
    }

    private void Rewrite(string? skip = null, string? add = null, string? flatten = null, Action<JsonNode>? state = null,
        (string Key, string Json)? metadata = null)
    {
        SafetensorsFile file = SafetensorsFile.Open(Checkpoint);
        var writer = new SafetensorsWriter();
        foreach (var (key, value) in file.Metadata.Where(m => m.Key != "sha256"))
        {
            JsonNode? changed = key == "state" && state != null ? JsonNode.Parse(value) : null;
            if (changed != null)
                state!(changed);
            writer.AddMetadata(key, metadata?.Key == key ? metadata.Value.Json : changed?.ToJsonString() ?? value);
        }

        foreach (SafetensorsEntry tensor in file.Tensors.Where(t => t.Name != skip))
            writer.Add(tensor.Name, tensor.Name == flatten ? [tensor.Count] : [.. tensor.Shape], file.ReadFloat32(tensor.Name));
        if (add != null)
            writer.Add(add, [1], [1f]);
        writer.AddChecksum();
        writer.Save(Checkpoint);
    }
}
