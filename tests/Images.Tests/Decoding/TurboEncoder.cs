using System.Runtime.InteropServices;
using ReSTE.Native.Images.Decoding;

namespace ReSTE.Native.Images.Tests.Decoding;

/// <summary>JPEGs of every subsampling that TurboJPEG knows, and with restart markers, which SkiaSharp does not write.</summary>
internal static class TurboEncoder
{
    private const int Rgbx = 2;
    private const string Restart = "TJ_RESTART";

    // The library reads the interval of restart markers from the process's environment.
    private static readonly Lock s_lock = new();

    /// <summary>The library's own names and numbers.</summary>
    public enum Subsampling
    {
        S444 = 0,
        S422 = 1,
        S420 = 2,
        Grey = 3,
        S440 = 4,
        S411 = 5,
    }

    private delegate nint Begin();

    private delegate int End(nint handle);

    private delegate void Free(nint memory);

    private delegate int Compress(nint handle, byte[] pixels, int width, int row, int height, int form, ref nint content, ref CULong length,
        int subsampling, int quality, int flags);

    /// <summary>Encodes pixels of four bytes.</summary>
    /// <param name="image">What is encoded.</param>
    /// <param name="subsampling">How coarse colours are.</param>
    /// <param name="quality">1 to 100.</param>
    /// <param name="restart">Units between two restart markers; 0 for none.</param>
    public static byte[] File(ImageBuffer image, Subsampling subsampling, int quality, int restart = 0)
    {
        nint library = NativeLibrary.Load(TurboLibrary.Found!.Name);
        T Export<T>(string name) where T : Delegate =>
            Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));
        lock (s_lock)
        {
            nint handle = Export<Begin>("tjInitCompress")(), memory = 0;
            var length = new CULong(0);
            if (restart > 0)
                Assert.Equal(0, SetVariable(Restart, $"{restart}B", 1));
            int row = image.Width * ImageBuffer.PixelBytes;
            int failed = Export<Compress>("tjCompress2")(handle, image.Pixels.ToArray(), image.Width, row, image.Height, Rgbx,
                ref memory, ref length, (int)subsampling, quality, 0);
            if (restart > 0)
                Assert.Equal(0, UnsetVariable(Restart));
            Assert.Equal(0, failed);
            var content = new byte[(int)length.Value];
            Marshal.Copy(memory, content, 0, content.Length);
            Export<Free>("tjFree")(memory);
            Export<End>("tjDestroy")(handle);
            return content;
        }
    }

    [DllImport("libc", EntryPoint = "setenv", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int SetVariable(string name, string value, int overwrite);

    [DllImport("libc", EntryPoint = "unsetenv", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int UnsetVariable(string name);
}
