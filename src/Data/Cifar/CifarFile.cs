namespace ReSTE.Native.Data.Cifar;

/// <summary>A batch file: its name, and what no official one is larger than, in bytes.</summary>
internal readonly record struct CifarFile(string Name, int MostBytes)
{
    /// <summary>For a batch of 10,000 images: the official ones have 30.7 to 31.1 million bytes.</summary>
    public static CifarFile Of10000(string name) => new(name, 32 << 20);

    /// <summary>For a batch of 50,000 images: the official ones have 153.7 and 155.3 million bytes.</summary>
    public static CifarFile Of50000(string name) => new(name, 160 << 20);
}
