namespace ReSTE.Native.Checkpoints;

/// <summary>How a file holds its tensors.</summary>
public enum CheckpointForm
{
    /// <summary>Safetensors, of any program.</summary>
    Safetensors,

    /// <summary>What <c>torch.save</c> writes: a zip archive of a pickle and the tensors' numbers.</summary>
    PyTorchZip,

    /// <summary>What <c>torch.save</c> wrote before version 1.6: pickles one after the other, then the numbers.</summary>
    PyTorchStream,
}
