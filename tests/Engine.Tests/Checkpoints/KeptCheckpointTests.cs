using System.Buffers.Binary;
using System.Text.Json.Nodes;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Embedding;
using ReSTE.Native.Networks;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

/// <summary>
/// A checkpoint that the version before wrote still resumes, evaluates and predicts, in whatever order its names lie by now.
/// </summary>
public sealed class KeptCheckpointTests : IDisposable
{
    private const string Changed = "is not as it was written: changed or damaged";

    private static readonly Recipe s_recipe =
        Stripes.Recipe with
        {
            Epochs = 4,
            Indicators = true,
            EstimatorArguments = new Dictionary<string, EstimatorArgument> { ["t"] = 1.25 },
        };

    private readonly TemporaryFolder _folder = new();
    private readonly CpuDevice _device = new(1);
    private readonly Trainer _trainer;

    public KeptCheckpointTests() => _trainer = new Trainer(s_recipe, _device, Stripes.Data, Stripes.Network);

    public static TheoryData<string> Orders => ["as written", "strings", "sorted", "backwards"];

    private string Reordered => _folder.File("reordered.safetensors");

    public void Dispose()
    {
        _trainer.Dispose();
        _device.Dispose();
        _folder.Dispose();
    }

    // The numbers are those the version before printed; other processors round a little differently.
    [Theory]
    [MemberData(nameof(Orders))]
    public void It_is_resumed_where_it_stopped(string order)
    {
        CheckpointFiles.Reorder(CheckpointFiles.Kept, Reordered, order);
        Assert.Equal(DataMatch.Unknown, _trainer.Resume(Reordered));
        TrainingState state = _trainer.State;
        Assert.Equal((2, 64, 46.0, 64.0, 12L, 56.0, 1),
            (state.Epoch, state.Cursor, state.Top1Hits, state.Top5Hits, state.Steps, state.BestTop1, state.BestEpoch));
        Assert.Equal(-4.756321056978777, _trainer.Parameters.Parameters[0].Read().Sum());
        EpochReport third = _trainer.Next(), fourth = _trainer.Next();
        Assert.Equal(0.7045, third.Train.Loss, 0.02);
        Assert.Equal(0.6440, third.Validation.Loss, 0.02);
        Assert.Equal(0.6144, fourth.Train.Loss, 0.02);
        Assert.True(_trainer.IsFinished);
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void It_is_evaluated_and_predicts(string order)
    {
        CheckpointFiles.Reorder(CheckpointFiles.Kept, Reordered, order);
        Assert.Equal(DataMatch.Unknown, _trainer.LoadWeights(Reordered).Data);
        PassResult result = _trainer.Evaluate(null, TestContext.Current.CancellationToken);
        Assert.Equal(0.7721, result.Loss, 0.01);
        using Predictor predictor = Predictor.Open(Reordered, _device, Stripes.Network);
        int right = predictor.Labels(Stripes.Test.Pixels).Zip(Stripes.Test.Labels).Count(p => p.First == p.Second);
        Assert.Equal(result.Top1, 100.0 * right / Stripes.TestImages);
        Assert.InRange(right, 38, 40);
    }

    [Fact]
    public void Saved_again_it_knows_its_data()
    {
        _trainer.Resume(CheckpointFiles.Kept);
        _trainer.Save(Reordered);
        Assert.Equal("reste-training-2", SafetensorsFile.Open(Reordered).Metadata["format"]);
        Assert.Equal(DataMatch.Same, _trainer.Resume(Reordered));
    }

    [Theory]
    [MemberData(nameof(Orders))]
    public void A_number_changed_in_it_is_found(string order)
    {
        CheckpointFiles.Reorder(CheckpointFiles.Kept, Reordered, order);
        byte[] bytes = File.ReadAllBytes(Reordered);
        bytes[^1] ^= 1;
        File.WriteAllBytes(Reordered, bytes);
        foreach (Action read in new Action[] { () => _trainer.Resume(Reordered), () => _trainer.LoadWeights(Reordered),
            () => Predictor.Open(Reordered, _device, Stripes.Network).Dispose() })
        {
            CheckpointException refusal = Assert.Throws<CheckpointException>(read);
            Assert.Equal(($"{Reordered}: {Changed}", CheckpointFault.Damaged), (refusal.Message, refusal.Kind));
        }
    }

    [Fact]
    public void Strings_changed_in_it_are_found()
    {
        foreach (string key in new[] { "recipe", "input", "state" })
        {
            SafetensorsFile file = SafetensorsFile.Open(CheckpointFiles.Kept);
            JsonNode changed = JsonNode.Parse(file.Metadata[key])!;
            changed.AsObject().Remove(changed.AsObject().First().Key);
            var writer = new SafetensorsWriter();
            foreach (var (name, value) in file.Metadata)
                writer.AddMetadata(name, name == key ? changed.ToJsonString() : value);
            foreach (SafetensorsEntry tensor in file.Tensors)
                writer.Add(tensor.Name, tensor.Type, tensor.Shape.AsSpan(), file.Data(tensor.Name).ToArray());
            writer.Save(Reordered);
            CheckpointException refusal = Assert.Throws<CheckpointException>(() => _trainer.Resume(Reordered));
            Assert.Equal($"{Reordered}: {Changed}", refusal.Message);
        }
    }

    [Fact]
    public void Random_damage_to_it_is_refused_in_one_line()
    {
        byte[] valid = File.ReadAllBytes(CheckpointFiles.Kept);
        int header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(valid);
        var random = new Random(8);
        int refused = 0;
        for (int round = 0; round < 300; round++)
        {
            File.WriteAllBytes(Reordered, Damage.Of(valid, header, random));
            try
            {
                _trainer.LoadWeights(Reordered);
            }
            catch (CheckpointException refusal)
            {
                Assert.DoesNotContain(refusal.Message, char.IsControl);
                refused++;
            }
        }

        // What is left is white space in the header.
        Assert.InRange(refused, 295, 300);
    }

    [Fact]
    public void Another_network_is_told_even_where_its_order_cannot_be()
    {
        Network other = new("other", (net, x, classes) => throw new InvalidOperationException("never recorded"));
        CheckpointException refusal = Assert.Throws<CheckpointException>(() => Predictor.Open(CheckpointFiles.Kept, _device, other));
        Assert.EndsWith("holds the network 'stripes-net', not other", refusal.Message, StringComparison.Ordinal);
    }
}
