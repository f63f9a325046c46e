namespace ReSTE.Native.Devices;

/// <summary>How a slab lays its tensors out.</summary>
internal enum SlabMode
{
    /// <summary>One allocation; tensors that never live at the same time share bytes.</summary>
    Packed,

    /// <summary>For tests: one allocation a tensor, guard words around it, poison inside.</summary>
    Guarded,
}
