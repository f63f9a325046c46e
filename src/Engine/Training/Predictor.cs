using ReSTE.Native.Batches;
using ReSTE.Native.Checkpoints;
using ReSTE.Native.Datasets;
using ReSTE.Native.Devices;
using ReSTE.Native.Estimators;
using ReSTE.Native.Networks;
using ReSTE.Native.Ops;
using ReSTE.Native.Tapes;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Training;

/// <summary>
/// A trained network that says what it sees: bytes in, scores out, scaled as in training, without augmentation, with the running statistics
/// of batch norm. An image's scores do not depend on the images beside it. It serves one thread at a time, as its device does.
/// </summary>
public sealed class Predictor : IDisposable
{
    private readonly ParameterSet _parameters;
    private readonly Slab _state, _workspace;
    private readonly Tape _tape;
    private readonly GivenBatches _images;
    private readonly Tensor _logits;
    private readonly bool _ownsParameters;

    /// <param name="device">Where it runs.</param>
    /// <param name="network">What it runs.</param>
    /// <param name="estimator">What the network was trained with.</param>
    /// <param name="realActivations">Whether only the weights are binary.</param>
    /// <param name="input">What the network is fed with.</param>
    /// <param name="batchSize">Images at once.</param>
    /// <param name="parameters">A trainer's, or null for parameters of its own.</param>
    /// <param name="keepsSigns">Whether the signs and scales of its weights can be read, by who writes them elsewhere.</param>
    internal Predictor(
        Device device, Network network, Estimator estimator, bool realActivations, NetworkInput input, int batchSize,
        ParameterSet? parameters, bool keepsSigns = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batchSize);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batchSize, Array.MaxLength / input.Image.Bytes);
        (Device, Shape, Classes, BatchSize) = (device, input.Image, input.Classes, batchSize);
        (_parameters, _ownsParameters) = (parameters ?? new ParameterSet(device), parameters == null);
        (_state, _workspace) = (new Slab(device), new Slab(device));
        _images = new GivenBatches(device, _state, Shape, input.Preprocessing, batchSize);
        _tape = new Tape(device, _parameters, training: false) { Counters = _images.Counters };
        (Layers, Value logits) = network.Written(Shape, Classes);
        var reader = new TapeReader(_tape, estimator, realActivations);
        _logits = reader.Record(Layers, _images.Record(_tape, batchSize).Images, logits).Value;
        _tape.Keep(_logits);
        Binarised = reader.Binarised;
        if (keepsSigns)
            KeepSigns();
        _tape.Seal(_workspace);
        Commit();
    }

    /// <summary>Where it runs.</summary>
    public Device Device { get; }

    /// <summary>Size of the images it takes.</summary>
    public ImageShape Shape { get; }

    /// <summary>Number of scores it gives for each.</summary>
    public int Classes { get; }

    /// <summary>Images at once; more are done in several goes, fewer take as long.</summary>
    public int BatchSize { get; }

    /// <summary>The network as it is written down.</summary>
    internal Layers Layers { get; }

    /// <summary>What its binary layers take, by their names.</summary>
    internal IReadOnlyDictionary<string, (ConvInput Input, ConvWeights Weights)> Binarised { get; }

    /// <summary>Its parameters and statistics.</summary>
    internal ParameterSet Parameters => _parameters;

    /// <summary>Loads a network from a checkpoint that a trainer saved.</summary>
    /// <param name="checkpoint">The file.</param>
    /// <param name="device">Where it is to run; any, whatever it was trained on.</param>
    /// <param name="network">The network of the caller's own that it was trained as; null for a catalogued one.</param>
    /// <param name="batchSize">Images at once.</param>
    /// <exception cref="CheckpointException">The file is missing, damaged, or of another network.</exception>
    /// <exception cref="DeviceMemoryException">So large a batch does not fit the device.</exception>
    public static Predictor Open(string checkpoint, Device device, Network? network = null, int batchSize = 128)
    {
        SafetensorsFile file = CheckpointFormat.Open(checkpoint, network);
        return Open(file, device, CheckpointMetadata.Recipe(file), network, batchSize, keepsSigns: false);
    }

    /// <summary>The same of a file that is open and whole.</summary>
    internal static Predictor Open(SafetensorsFile file, Device device, Recipe recipe, Network? network, int batchSize, bool keepsSigns)
    {
        // An estimator of the caller's own differs in the backward pass only.
        Estimator estimator = CheckpointMetadata.Estimator(file, recipe) ?? new ClippedSte();
        var predictor = new Predictor(device, Find(file.Name, recipe, network), estimator, recipe.RealActivations,
            CheckpointMetadata.Input(file), batchSize, parameters: null, keepsSigns);
        return predictor.Load(SafetensorsState.Of(file), estimator, CheckpointMetadata.EpochOfWeights(file, recipe), recipe.Epochs);
    }

    /// <summary>The same of weights that another program saved, seen as at the end of a run.</summary>
    internal static Predictor Open(
        StateDictionary file, Device device, Recipe recipe, NetworkInput input, int batchSize, bool keepsSigns)
    {
        ForeignCheckpoint.CheckModel(file, recipe);
        Estimator estimator = EstimatorCatalog.Create(recipe);
        var predictor = new Predictor(device, NetworkCatalog.Find(recipe.Dataset, recipe.Model), estimator, recipe.RealActivations, input,
            batchSize, parameters: null, keepsSigns);
        return predictor.Load(file, estimator, Math.Max(0, recipe.Epochs - 1), Math.Max(1, recipe.Epochs));
    }

    private Predictor Load(StateDictionary file, Estimator estimator, int epoch, int epochs)
    {
        try
        {
            TrainingCheckpoint.LoadWeights(file, _parameters);
            estimator.SetEpoch(_parameters.Knobs, epoch, epochs);
            _parameters.Knobs.Upload();
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The network's raw scores: for each image an array of one score a class.</summary>
    /// <param name="images">Any number of images one after the other, each as [height, width, channels] bytes.</param>
    /// <exception cref="ArgumentException">The bytes are no whole number of images.</exception>
    public float[][] Logits(ReadOnlySpan<byte> images)
    {
        ThrowIfDisposed();
        if (images.Length % Shape.Bytes != 0)
            throw new ArgumentException($"{images.Length} bytes are no whole number of {Shape} images of {Shape.Bytes} bytes");
        var scores = new float[images.Length / Shape.Bytes][];
        for (int first = 0; first < scores.Length; first += BatchSize)
        {
            int count = Math.Min(BatchSize, scores.Length - first);
            _images.Give(images.Slice(first * Shape.Bytes, count * Shape.Bytes));
            _tape.Run();
            double[] logits = Device.ReadReals(_logits);
            for (int i = 0; i < count; i++)
                scores[first + i] = Array.ConvertAll(logits[(i * Classes)..((i + 1) * Classes)], v => (float)v);
        }

        return scores;
    }

    /// <summary>Softmax of <see cref="Logits"/>: an image's scores lie between 0 and 1 and add up to 1.</summary>
    /// <param name="images">As for <see cref="Logits"/>.</param>
    /// <exception cref="ArgumentException">The bytes are no whole number of images.</exception>
    public float[][] Probabilities(ReadOnlySpan<byte> images) => Array.ConvertAll(Logits(images), Softmax);

    /// <summary>The class of the highest score for each image; the lowest of equal ones.</summary>
    /// <param name="images">As for <see cref="Logits"/>.</param>
    /// <exception cref="ArgumentException">The bytes are no whole number of images.</exception>
    public int[] Labels(ReadOnlySpan<byte> images) => Array.ConvertAll(Logits(images), scores => Array.IndexOf(scores, scores.Max()));

    /// <summary>
    /// The same network over memory of the caller's on the device, such as other code on a GPU fills and reads: <see cref="BatchSize"/>
    /// images at once, raw scores out, no copies. It lives no longer than this predictor.
    /// </summary>
    /// <param name="images">Address of bytes [batch, height, width, channels], a multiple of 64.</param>
    /// <param name="scores">Address of float32 [batch, classes], a multiple of 64; of float64 on the reference device.</param>
    /// <exception cref="ArgumentException">An address is null or no multiple of 64.</exception>
    public BoundPredictor Bind(nint images, nint scores)
    {
        ThrowIfDisposed();
        return new BoundPredictor(this, _images.Pixels, _logits, (images, scores), _tape.NewReplay);
    }

    /// <summary>Gives back its memory on the device; not the device, which is the caller's.</summary>
    public void Dispose()
    {
        _tape.Dispose();
        if (_ownsParameters)
            _parameters.Unbind();
        _workspace.Dispose();
        _state.Dispose();
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_logits.Address == 0 || !_parameters.HasMemory, this);

    private static Network Find(string checkpoint, Recipe recipe, Network? network)
    {
        if (network != null && network.Name != recipe.Model)
            throw new CheckpointException(CheckpointFault.OtherNetwork, checkpoint,
                $"holds the network {CheckpointException.Quote(recipe.Model)}, not {network.Name}")
            {
                Settings = [new(nameof(Recipe.Model), recipe.Model, network.Name)],
            };
        try
        {
            return network ?? NetworkCatalog.Find(recipe.Dataset, recipe.Model);
        }
        catch (RecipeException unknown)
        {
            throw new CheckpointException(CheckpointFault.OtherNetwork, checkpoint,
                $"holds the network {CheckpointException.Quote(recipe.Model)}, which is not catalogued; give it", unknown);
        }
    }

    private void KeepSigns()
    {
        foreach (SignWeights weights in Binarised.Values.Select(layer => layer.Weights).OfType<SignWeights>())
            foreach (Tensor? tensor in (Tensor?[])[weights.Signs.Value, weights.Scale, weights.OutputScale?.Value])
            {
                if (tensor != null)
                    _tape.Keep(tensor);
            }
    }

    private void Commit()
    {
        if (_ownsParameters)
            _parameters.Place(_state);
        // Beside a trainer the code has been compiled and the threads have their memory.
        MemoryNeeds needs = new(0, _state.Bytes, 0, _workspace.Bytes, _ownsParameters ? Device.MemoryBeside ?? 0 : 0);
        DeviceMemory? memory = Device.Memory;
        try
        {
            if (Device.MemoryBeside != null && memory is { } known && !needs.FitsIn(known.Free))
                throw new OutOfMemoryException();
            _state.Commit();
            if (_ownsParameters)
                _parameters.Bind();
            _workspace.Commit();
            _images.Upload();
            _tape.Prepare();
        }
        catch (Exception e)
        {
            Dispose();
            if (Device.IsOutOfMemory(e))
                throw new DeviceMemoryException(Device.Name, new BatchSizes(BatchSize), needs, memory, e);
            throw;
        }
    }

    private static float[] Softmax(float[] scores)
    {
        double[] powers = Array.ConvertAll(scores, s => Math.Exp(s - (double)scores.Max()));
        double sum = powers.Sum();
        return Array.ConvertAll(powers, p => (float)(p / sum));
    }
}
