using System.Runtime.InteropServices;

namespace ReSTE.Native.Images.Decoding;

/// <summary>
/// The TurboJPEG library of libjpeg-turbo (its 2.x interface, which 3.x still has), looked for once, when it is first asked about.
/// </summary>
internal sealed unsafe class TurboLibrary
{
    /// <summary>Names the library to load in place of the system's; `none` does without one.</summary>
    public const string Variable = "RESTE_LIBTURBOJPEG";

    private const string None = "none";

    private static readonly Lazy<(TurboLibrary? Library, string Report, string? Notice)> s_found =
        new(() => Find(Environment.GetEnvironmentVariable(Variable)));

    private TurboLibrary(string name, nint library)
    {
        Name = name;
        nint Export(string function) => NativeLibrary.GetExport(library, function);
        NewDecompressor = (delegate* unmanaged<nint>)Export("tjInitDecompress");
        ReadHeader = (delegate* unmanaged<nint, byte*, CULong, int*, int*, int*, int*, int>)Export("tjDecompressHeader3");
        Decompress = (delegate* unmanaged<nint, byte*, CULong, byte*, int, int, int, int, int, int>)Export("tjDecompress2");
        ErrorText = (delegate* unmanaged<nint, byte*>)Export("tjGetErrorStr2");
        Destroy = (delegate* unmanaged<nint, int>)Export("tjDestroy");
    }

    /// <summary>The library; null where the machine has none.</summary>
    public static TurboLibrary? Found => s_found.Value.Library;

    /// <summary>Where it was found, or why it was not.</summary>
    public static string Report => s_found.Value.Report;

    /// <summary>That the library which was named is not used; null where none was named, or it is.</summary>
    public static string? Notice => s_found.Value.Notice;

    /// <summary>By which name it was found.</summary>
    public string Name { get; }

    public delegate* unmanaged<nint> NewDecompressor { get; }

    /// <summary>Handle, content, its length; out: width, height, subsampling, colour space. 0 or -1.</summary>
    public delegate* unmanaged<nint, byte*, CULong, int*, int*, int*, int*, int> ReadHeader { get; }

    /// <summary>Handle, content, its length, pixels, width, bytes in a row, height, pixel format, flags. 0 or -1.</summary>
    public delegate* unmanaged<nint, byte*, CULong, byte*, int, int, int, int, int, int> Decompress { get; }

    public delegate* unmanaged<nint, byte*> ErrorText { get; }

    public delegate* unmanaged<nint, int> Destroy { get; }

    /// <summary>Looks for the library.</summary>
    /// <param name="named">What the variable names; null or empty where it does not.</param>
    internal static (TurboLibrary? Library, string Report, string? Notice) Find(string? named)
    {
        if (named == None)
            return (null, $"{Variable} says {None}", null);
        string[] names = string.IsNullOrEmpty(named) ? SystemNames() : [named];
        var (library, report) = Load(names);
        bool isRefused = library is null && !string.IsNullOrEmpty(named);
        return (library, report, isRefused
            ? $"{Variable} names a library that is not used: {report}; JPEGs are decoded by SkiaSharp, which is slower"
            : null);
    }

    private static (TurboLibrary? Library, string Report) Load(string[] names)
    {
        foreach (string name in names)
        {
            if (!NativeLibrary.TryLoad(name, out nint library))
                continue;
            try
            {
                return (new TurboLibrary(name, library), name);
            }
            catch (EntryPointNotFoundException)
            {
                return (null, $"{name} is older than TurboJPEG 2.0");
            }
        }
        return (null, $"{string.Join(" and ", names)} not found");
    }

    private static string[] SystemNames() => OperatingSystem.IsWindows() ? ["turbojpeg.dll", "libturbojpeg.dll"]
        : OperatingSystem.IsMacOS() ? ["libturbojpeg.0.dylib", "/opt/homebrew/lib/libturbojpeg.0.dylib"]
        : ["libturbojpeg.so.0"];
}
