namespace ReSTE.Native.Engine.Tests.Operations;

/// <summary>Numbers of elements that leave every tail of every vector, fewer and more than there are slices.</summary>
internal static class Elements
{
    public static TheoryData<int> Counts => [1, 2, 3, 15, 16, 17, 31, 32, 33, 63, 64, 65, 127, 130, 1023, 1025, 2113];
}
