namespace ReSTE.Native.Operations;

/// <summary>What a backward operation does with a gradient buffer. The first op to reach a gradient writes it, later ones add.</summary>
internal enum GradMode
{
    /// <summary>Nobody needs this gradient.</summary>
    None,

    /// <summary>Overwrite, never reading what was there.</summary>
    Write,

    /// <summary>Add to what is there.</summary>
    Add,
}
