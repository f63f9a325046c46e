using System.Buffers.Binary;

namespace ReSTE.Native.Images.Decoding;

/// <summary>
/// What a JPEG's markers say without decoding it (ITU T.81, annex B): size, colour channels, scans, and whether the end-of-image marker
/// follows the last scan. What a decoder finds wrong with the rest is the decoder's business.
/// </summary>
/// <param name="Width">Pixels in a row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">Colour channels.</param>
/// <param name="IsProgressive">Whether each scan makes the image finer.</param>
/// <param name="Scans">Number of scans.</param>
/// <param name="HasEnd">Whether the end-of-image marker was found.</param>
/// <param name="PlainFrame">
/// Where the segment of the frame lies, if the image is of the plainest kind: one or three channels in a single scan, baseline or extended,
/// and nothing but restart markers and the end after its start. Nothing that a decoder finds in such a scan is an error, it can only warn,
/// and the rows depend on nothing that comes after them: whoever wants the first rows need not decode the others. 0 for any other image.
/// </param>
internal readonly record struct JpegMarkers(
    int Width, int Height, int Channels, bool IsProgressive, int Scans, bool HasEnd, int PlainFrame)
{
    /// <summary>Where the height stands in the segment of a frame: after its length and the precision.</summary>
    public const int HeightAt = 3;

    private const byte Start = 0xD8, End = 0xD9, Scan = 0xDA, FirstRestart = 0xD0, LastRestart = 0xD7, Temporary = 0x01;
    private const byte HuffmanTables = 0xC4, Extension = 0xC8, ArithmeticTables = 0xCC, FirstFrame = 0xC0, LastFrame = 0xCF;
    // Those whose pixels are there at once, in Huffman's code.
    private const byte LastSequential = 0xC1;

    /// <summary>Whether content begins as every JPEG does.</summary>
    public static bool IsJpeg(ReadOnlySpan<byte> content) => content is [0xFF, Start, 0xFF, ..];

    /// <summary>Reads the markers as far as they go.</summary>
    public static JpegMarkers Read(ReadOnlySpan<byte> content)
    {
        var found = default(JpegMarkers);
        int at = 2, frames = 0;
        // The frame's segment while the image may be a plain one.
        int plain = 0;
        while (Next(content, ref at) is var marker && marker >= 0)
        {
            if (marker == End)
                return found with { HasEnd = true, PlainFrame = found.Scans == 1 ? plain : 0 };
            if (marker is >= FirstRestart and <= LastRestart)
                continue;
            if (found.Scans > 0)
                plain = 0;
            if (marker is Temporary or Start)
                continue;
            if (at + 2 > content.Length)
                break;
            int length = BinaryPrimitives.ReadUInt16BigEndian(content[at..]);
            if (IsFrame(marker) && at + 8 <= content.Length)
            {
                found = found.WithFrame(marker, content[at..]);
                plain = frames++ == 0 && marker <= LastSequential && found.Channels is 1 or 3 ? at : 0;
            }
            else if (marker == Scan)
            {
                found = found with { Scans = found.Scans + 1 };
                plain = at + 2 < content.Length && content[at + 2] == found.Channels ? plain : 0;
            }
            at += Math.Max(2, length);
        }
        return found;
    }

    private static bool IsFrame(int marker) =>
        marker is >= FirstFrame and <= LastFrame and not (HuffmanTables or Extension or ArithmeticTables);

    // Segment: length (2), precision (1), height (2), width (2), components (1).
    private JpegMarkers WithFrame(int marker, ReadOnlySpan<byte> segment) => this with
    {
        Height = BinaryPrimitives.ReadUInt16BigEndian(segment[HeightAt..]),
        Width = BinaryPrimitives.ReadUInt16BigEndian(segment[5..]),
        Channels = segment[7],
        // SOF2, 6, 10 and 14.
        IsProgressive = (marker & 3) == 2,
    };

    /// <summary>The next marker, past anything that is none: coded data, where FF 00 stands for a byte FF. -1 at the end.</summary>
    private static int Next(ReadOnlySpan<byte> content, ref int at)
    {
        while (at < content.Length)
        {
            int found = content[at..].IndexOf((byte)0xFF);
            if (found < 0)
                break;
            at += found;
            while (at < content.Length && content[at] == 0xFF)
                at++;
            if (at < content.Length && content[at++] is not 0 and var marker)
                return marker;
        }
        at = content.Length;
        return -1;
    }
}
