namespace ReSTE.Native.Export.C;

/// <summary>A call of one of the kernels.</summary>
/// <param name="Layer">The layer that it belongs to; -1 for the image.</param>
/// <param name="Kernel">Its name, without what all names begin with.</param>
/// <param name="Arguments">What it takes.</param>
internal sealed record KernelCall(int Layer, string Kernel, IReadOnlyList<KernelArgument> Arguments);

/// <summary>What a kernel takes.</summary>
internal abstract record KernelArgument;

/// <summary>A number of 32 bits.</summary>
internal sealed record NumberArgument(int Value) : KernelArgument;

/// <summary>The address of nothing.</summary>
internal sealed record NullArgument : KernelArgument;

/// <summary>The address of floats that the network has.</summary>
internal sealed record FloatsArgument(float[] Values) : KernelArgument;

/// <summary>The address of words of bits that it has.</summary>
internal sealed record WordsArgument(uint[] Values) : KernelArgument;

/// <summary>The address of integers that it has.</summary>
internal sealed record IntegersArgument(int[] Values) : KernelArgument;

/// <summary>The address of a structure, or, as a field of another, the structure itself.</summary>
/// <param name="Type">What the kernels call it.</param>
/// <param name="Fields">Its fields in their order.</param>
internal sealed record StructArgument(string Type, IReadOnlyList<KernelArgument> Fields) : KernelArgument;

/// <summary>The address of a value's floats or bits in the workspace.</summary>
internal sealed record ValueArgument(int At, bool AreBits) : KernelArgument;

/// <summary>The address of the image's bytes.</summary>
internal sealed record ImageArgument : KernelArgument;

/// <summary>The address of the workspace, where a layer has its scratch memory.</summary>
internal sealed record ScratchArgument : KernelArgument;
