namespace ReSTE.Native.Devices.Cuda;

/// <summary>A captured piece of work that is launched as one.</summary>
internal sealed unsafe class CudaGraph : IDisposable
{
    private readonly CudaStream _stream;
    private readonly GraphExecHandle _executable;

    internal CudaGraph(CudaStream stream, string name, GraphHandle template)
    {
        _stream = stream;
        Name = name;
        nuint nodes = 0;
        CudaDriver driver = stream.Context.Driver;
        Check.That(driver.cuGraphGetNodes(template.Value, null, &nodes), name);
        Nodes = (int)nodes;
        nint executable;
        Check.That(driver.cuGraphInstantiateWithFlags(&executable, template.Value, 0), $"{name}, {Nodes} nodes");
        _executable = new GraphExecHandle(stream.Context.Handle, executable);
    }

    /// <summary>What it does, for messages.</summary>
    internal string Name { get; }

    /// <summary>Launches, fills and copies in it.</summary>
    internal int Nodes { get; }

    internal nint Value => _executable.Value;

    /// <summary>Queues it on the stream it was captured from.</summary>
    internal void Launch() => _stream.Launch(this);

    /// <summary>Destroys it, once its last launch is done.</summary>
    public void Dispose() => _executable.Dispose();
}
