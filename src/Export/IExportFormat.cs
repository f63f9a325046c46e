namespace ReSTE.Native.Export;

/// <summary>What the caller decides of an export.</summary>
/// <param name="Classes">Names of the classes, in the order of the scores.</param>
/// <param name="WholeReals">Whether the weights of real layers become bytes, where a format can hold them.</param>
public sealed record ExportOptions(IReadOnlyList<string> Classes, bool WholeReals = false)
{
    /// <summary>Test images for forms that show some.</summary>
    public IReadOnlyList<SampleImage> Samples { get; init; } = [];
}

/// <summary>An image and its label.</summary>
/// <param name="Pixels">[height, width, channels] bytes.</param>
/// <param name="Label">The number of its class.</param>
public sealed record SampleImage(byte[] Pixels, int Label);

/// <summary>A form in which a trained network leaves this program.</summary>
public interface IExportFormat
{
    /// <summary>What --format calls it.</summary>
    string Name { get; }

    /// <summary>Whether its scores are those of a packed file bit for bit; others sum in another order.</summary>
    bool IsExact { get; }

    /// <summary>Test images that it shows, at most.</summary>
    int Samples => 0;

    /// <summary>Images that are compared where nobody says how many; null for all.</summary>
    int? Verified => null;

    /// <summary>Writes a network.</summary>
    /// <exception cref="ExportException">It has no such form; the message names the layer.</exception>
    void Write(ExportSource source, ExportOptions options, Stream target);

    /// <summary>Opens a file that was written, to be compared with the engine.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threads">Threads to run it on.</param>
    /// <exception cref="ExportException">What reads such files is not on this machine; the message says what was looked for.</exception>
    IExportedForm Open(string path, int threads);
}

/// <summary>An exported network as a program that reads such files runs it.</summary>
public interface IExportedForm : IDisposable
{
    /// <summary>What runs it, with its version, such as "ONNX Runtime 1.31.1".</summary>
    string Reader { get; }

    /// <summary>What the last images took it by its own clock; null where whoever calls it may as well look at theirs.</summary>
    TimeSpan? OwnTime => null;

    /// <summary>The scores of images one after the other, each as [height, width, channels] bytes.</summary>
    float[][] Logits(ReadOnlySpan<byte> images);
}
