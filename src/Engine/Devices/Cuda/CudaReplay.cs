namespace ReSTE.Native.Devices.Cuda;

/// <summary>A captured step: one graph launch a run.</summary>
internal sealed class CudaReplay(CudaGraph graph) : Replay
{
    /// <summary>Launches in the graph.</summary>
    public int Nodes => graph.Nodes;

    public override void Run() => graph.Launch();

    public override void Dispose() => graph.Dispose();
}
