using ReSTE.Native.Devices;

namespace ReSTE.Native.Tensors;

/// <summary>A named block of one device's memory. It has an address once the slab it was placed in is committed.</summary>
internal sealed class Tensor
{
    internal Tensor(Device device, string name, Shape shape, ElementType type)
    {
        Device = device;
        Name = name;
        Shape = shape;
        Type = type;
    }

    /// <summary>The device whose memory it lies in.</summary>
    public Device Device { get; }

    /// <summary>Says what it holds, for messages and checkpoints.</summary>
    public string Name { get; }

    /// <summary>Dimensions in the engine's layout.</summary>
    public Shape Shape { get; }

    /// <summary>What an element is.</summary>
    public ElementType Type { get; }

    /// <summary>Size in bytes.</summary>
    public long Bytes => Shape.Count * Type.Size();

    /// <summary>Device address of the first element; 0 before the slab is committed.</summary>
    internal nint Address { get; set; }

    /// <summary>Name, element type and shape.</summary>
    public override string ToString() => $"{Name} {Type}{Shape}";

    /// <summary>The address as a typed pointer.</summary>
    internal unsafe T* As<T>() where T : unmanaged => (T*)Address;
}
