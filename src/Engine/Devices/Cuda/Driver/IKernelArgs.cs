namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// The arguments of one kernel: a <c>readonly record struct</c> whose fields, in order, are the kernel's parameters; a struct among them is
/// one parameter.
/// </summary>
internal interface IKernelArgs
{
    /// <summary>Name of the .cu file without its suffix.</summary>
    static abstract string Image { get; }

    /// <summary>Name of the kernel.</summary>
    static abstract string Entry { get; }

    /// <summary>Threads of a block.</summary>
    static abstract uint Block { get; }
}
