namespace ReSTE.Native.Data.Cifar;

/// <summary>A value on the pickle machine's stack; what A and B mean is said at its kind.</summary>
internal readonly record struct PickleValue(PickleKind Kind, int A = 0, int B = 0, PickleList? List = null);
