using ReSTE.Native.Training;

namespace ReSTE.Native.Adapters.ManagedCuda;

/// <summary>A predictor between two variables: it reads the one and writes the other, where they are.</summary>
public sealed class VariablePredictor : IDisposable
{
    private readonly HostVariable<byte> _images;
    private readonly HostVariable<float> _scores;
    private readonly BoundPredictor _predictor;

    internal VariablePredictor(HostVariable<byte> images, HostVariable<float> scores, BoundPredictor predictor) =>
        (_images, _scores, _predictor) = (images, scores, predictor);

    /// <summary>
    /// Queues one pass over the batch: it reads what the stream's earlier work has left in the images, and the stream's later work finds
    /// the scores. The host does not wait; the stream's <c>Synchronize</c> does, or the device's where it has a stream of its own.
    /// </summary>
    /// <exception cref="ObjectDisposedException">A variable, the predictor or this is disposed of.</exception>
    public void Run()
    {
        _images.CheckAlive();
        _scores.CheckAlive();
        _predictor.Run();
    }

    /// <summary>Gives back what was made ready; the variables and the predictor stay.</summary>
    public void Dispose() => _predictor.Dispose();
}
