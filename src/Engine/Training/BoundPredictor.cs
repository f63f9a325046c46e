using ReSTE.Native.Devices;
using ReSTE.Native.Tensors;

namespace ReSTE.Native.Training;

/// <summary>
/// A predictor over memory that the caller has on its device: it reads images from there and writes scores there, without copies, a whole
/// batch at a time. The memory stays the caller's, who keeps it until the work asked for is done. It serves one thread at a time.
/// </summary>
public sealed class BoundPredictor : IDisposable
{
    private readonly Predictor _predictor;
    private readonly Tensor _images, _scores;
    private readonly Replay _replay;

    // Where those tensors are when it is not at work: the addresses that it was given.
    private nint _otherImages, _otherScores;
    private bool _disposed;

    /// <param name="predictor">Whose network it is.</param>
    /// <param name="images">What the network reads.</param>
    /// <param name="scores">What it writes.</param>
    /// <param name="memory">Where they are to be instead of in the predictor's own memory.</param>
    /// <param name="prepare">Makes the step ready with the addresses that the tensors then have.</param>
    internal BoundPredictor(Predictor predictor, Tensor images, Tensor scores, (nint Images, nint Scores) memory, Func<Replay> prepare)
    {
        Check(memory.Images, "images");
        Check(memory.Scores, "scores");
        // A network may end in a view, such as what it flattens.
        (_predictor, _images, _scores, _otherImages, _otherScores) = (predictor, images, scores.Root, memory.Images, memory.Scores);
        Exchange();
        try
        {
            _replay = prepare();
        }
        finally
        {
            Exchange();
        }
    }

    /// <summary>
    /// Asks for one pass over the batch. On a GPU it is queued, after what the device's stream already has and before what comes later;
    /// <see cref="Device.Synchronize"/> waits for it. Elsewhere it is done on return. It allocates nothing.
    /// </summary>
    /// <exception cref="ObjectDisposedException">This or the predictor is disposed of.</exception>
    public void Run()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _predictor.ThrowIfDisposed();
        Exchange();
        try
        {
            _replay.Run();
        }
        finally
        {
            Exchange();
        }
    }

    /// <summary>Gives back what was made ready; neither the predictor nor the memory, which are the caller's.</summary>
    public void Dispose()
    {
        _disposed = true;
        _replay.Dispose();
    }

    private void Exchange()
    {
        (_images.Address, _otherImages) = (_otherImages, _images.Address);
        (_scores.Address, _otherScores) = (_otherScores, _scores.Address);
    }

    private static void Check(nint address, string what)
    {
        if (address == 0 || address % Slab.Alignment != 0)
            throw new ArgumentException($"the address of the {what} is 0x{address:x}, not a multiple of {Slab.Alignment} bytes", what);
    }
}
