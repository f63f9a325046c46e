using System.Buffers.Binary;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Devices;
using ReSTE.Native.Devices.Cpu;
using ReSTE.Native.Engine.Tests.Tapes;
using ReSTE.Native.Engine.Tests.Training;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;
using ReSTE.Native.Training;

namespace ReSTE.Native.Engine.Tests.Checkpoints;

/// <summary>Whole training checkpoints, damaged: a run resumes from one, or loads its weights, or is left as it was.</summary>
public sealed class CheckpointMutationTests : IDisposable
{
    private const int Images = 40, Usual = 4000, Cases = 4;

    private static readonly Recipe s_recipe =
        new()
        {
            Epochs = 3,
            BatchSize = 8,
            BatchSizeTest = 8,
            EstimatorArguments = new Dictionary<string, EstimatorArgument> { ["t"] = 1.25 },
        };

    private static readonly TrainingState s_state =
        new() { Epoch = 1, Cursor = 16, LossSum = 31.5, Top1Hits = 5, EstimatingError = 0.5, Steps = 7, BestEpoch = 0 };

    private readonly TemporaryFolder _folder = new();
    private readonly CpuDevice _device = new(1);
    private readonly TrainingPlan _plan = TrainingPlan.Of(s_recipe, TinyImages.Splits(Images));
    private readonly DataIdentities _data;
    private readonly Slab _slab;
    private readonly ParameterSet _parameters;
    private readonly byte[] _valid;
    private readonly int _header;

    public CheckpointMutationTests()
    {
        _slab = new Slab(_device);
        _parameters = new ParameterSet(_device);
        _parameters.Parameter("conv1.weight", PublishedLayout.Convolution(16, 3, 3), Initialisation.HeNormal(27));
        _parameters.Parameter("layer1.0.conv1.weight", PublishedLayout.Convolution(64, 16, 3), Initialisation.HeNormal(144),
            isBinary: true);
        _parameters.Parameter("bn1.weight", PublishedLayout.Same(new Shape(64)), Initialisation.Constant(1));
        _parameters.Statistic("bn1.running_mean", PublishedLayout.Same(new Shape(64)), 0);
        _parameters.Statistic("bn1.running_var", PublishedLayout.Same(new Shape(64)), 1);
        _parameters.Place(_slab);
        _slab.Commit();
        _parameters.Bind();
        _parameters.Initialise(1);
        _data = new DataIdentities(_plan.Data);
        TrainingCheckpoint.Save(Checkpoint, _plan, _data, s_state, _parameters);
        _valid = File.ReadAllBytes(Checkpoint);
        _header = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(_valid);
    }

    private string Checkpoint => _folder.File("checkpoint.safetensors");

    public void Dispose()
    {
        _slab.Dispose();
        _data.Dispose();
        _device.Dispose();
        _folder.Dispose();
    }

    // The checksum sees nearly everything; what is left is white space in the header.
    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void Random_damage_is_refused_and_touches_nothing(int seed, bool resumes) =>
        Run("checkpoints", seed, resumes, bytes => bytes, leastReadShare: 0);

    // The damaged file gets a checksum that fits, so that it reaches the checks that follow.
    [Theory]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public void Damage_under_a_checksum_that_fits_is_refused_or_harmless(int seed, bool resumes) =>
        Run("checkpoints with a checksum that fits", seed, resumes, WithChecksum, leastReadShare: 0.02);

    private void Run(string what, int seed, bool resumes, Func<byte[], byte[]> prepare, double leastReadShare)
    {
        var random = new Random(seed);
        var tally = new MutationTally($"{what}, {(resumes ? "resumed" : "loaded")}, seed {seed}");
        // What the runtime takes once for code that reads JSON is not the files' doing.
        Read(resumes);
        _parameters.Initialise(1);
        Dictionary<string, double[]> before = Snapshot.OfState(_parameters);
        int count = MutationTally.Count(Usual, Cases);
        for (int round = 0; round < count; round++)
        {
            byte[] bytes = prepare(Damage.Of(_valid, _header, random));
            File.WriteAllBytes(Checkpoint, bytes);
            if (tally.Reads(bytes.Length, $"round {round}", () => Read(resumes)))
                _parameters.Initialise(1);
            else
                Snapshot.AssertSame($"seed {seed}, round {round}", before, Snapshot.OfState(_parameters));
        }

        tally.Close((int)(leastReadShare * count), count / 30);
    }

    private void Read(bool resumes)
    {
        if (resumes)
            TrainingCheckpoint.Resume(Checkpoint, _plan, _data, _parameters);
        else
            TrainingCheckpoint.LoadWeights(Checkpoint, _plan, _data, _parameters);
    }

    /// <summary>The same file with a checksum of what it says; as it is where it cannot be read.</summary>
    private static byte[] WithChecksum(byte[] bytes)
    {
        try
        {
            SafetensorsFile file = SafetensorsFile.Read(bytes, "damaged");
            var writer = new SafetensorsWriter();
            foreach (var (key, value) in file.Metadata.Where(pair => pair.Key != SafetensorsChecksum.Key))
                writer.AddMetadata(key, value);
            foreach (SafetensorsEntry tensor in file.Tensors)
                writer.Add(tensor.Name, tensor.Type, tensor.Shape.AsSpan(), file.Data(tensor.Name).ToArray());
            writer.AddChecksum();
            using var stream = new MemoryStream();
            writer.WriteTo(stream);
            return stream.ToArray();
        }
        catch (CheckpointException)
        {
            return bytes;
        }
    }
}
