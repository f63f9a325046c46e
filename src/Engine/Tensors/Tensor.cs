namespace ReSTE.Native.Tensors;

/// <summary>
/// A named block of some device's memory. It has an address once the slab it was placed in is committed. A view is
/// the same memory, or a part of it, under another shape.
/// </summary>
internal sealed class Tensor
{
    private readonly long _start;
    private nint _address;

    internal Tensor(string name, Shape shape, ElementType type)
    {
        Name = name;
        Shape = shape;
        Type = type;
        Root = this;
    }

    private Tensor(Tensor root, Shape shape, long start)
        : this(root.Name, shape, root.Type) => (Root, _start) = (root, start);

    /// <summary>Says what it holds, for messages and checkpoints.</summary>
    public string Name { get; }

    /// <summary>Dimensions in the engine's layout.</summary>
    public Shape Shape { get; }

    /// <summary>What an element is.</summary>
    public ElementType Type { get; }

    /// <summary>The tensor that owns the memory: itself, except for a view.</summary>
    public Tensor Root { get; }

    /// <summary>Whether it is working memory of one op, which nobody else reads.</summary>
    public bool IsScratch { get; init; }

    /// <summary>Size in bytes.</summary>
    public long Bytes => Shape.Count * Type.Size();

    /// <summary>Device address of the first element; 0 before the slab is committed.</summary>
    internal nint Address
    {
        get => Root._address is not 0 and var start ? start + (nint)(_start * Type.Size()) : 0;
        set => _address = Root == this ? value : throw new InvalidOperationException($"{this} is a view and has no memory of its own");
    }

    /// <summary>The same memory under a shape of as many elements.</summary>
    public Tensor View(Shape shape) => shape.Count == Shape.Count
        ? new Tensor(Root, shape, _start)
        : throw new ArgumentException($"{this} has {Shape.Count} elements, the view {shape} has {shape.Count}");

    /// <summary>Some of its elements, [count], from a place on.</summary>
    public Tensor Slice(int start, int count) => start >= 0 && start + (long)count <= Shape.Count
        ? new Tensor(Root, new Shape(count), _start + start)
        : throw new ArgumentException($"{this} has {Shape.Count} elements, the slice is of {count} from {start} on");

    /// <summary>Name, element type and shape.</summary>
    public override string ToString() => $"{Name} {Type}{Shape}";

    /// <summary>The address as a typed pointer.</summary>
    internal unsafe T* As<T>() where T : unmanaged => (T*)Address;
}
