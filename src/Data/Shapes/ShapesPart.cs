namespace ReSTE.Native.Data.Shapes;

/// <summary>A part of the built-in set; the value is its random stream, so the parts share no word.</summary>
internal enum ShapesPart : uint
{
    Train = 1,
    Test = 2,
}
