using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace ReSTE.Native.Images.Resizing;

/// <summary>
/// Pillow's antialiased bilinear resize with vectors, bit for bit <see cref="BilinearDefinition"/>: 32-bit products and sums, so that the
/// order of the sums does not matter. It keeps what it needs for the next image.
/// </summary>
internal sealed class BilinearResize
{
    private const int Channels = 3;

    private readonly Taps _columns = new(), _rows = new();
    private readonly PixelTaps _pixels = new();

    // The rows of the first pass: packed, with room after each for what a vector writes beyond it.
    private byte[] _between = [];

    /// <summary>Resizes into [height, width, 3] bytes of the plan's window, with the widest vectors that this processor has.</summary>
    public void Resize(ImageBuffer image, ResizePlan plan, Span<byte> to)
    {
        if (Vector512.IsHardwareAccelerated)
            Resize<Lanes16>(image, plan, to);
        else if (Vector256.IsHardwareAccelerated)
            Resize<Lanes8>(image, plan, to);
        else
            Resize<Lanes4>(image, plan, to);
    }

    /// <summary>The same with vectors of one width.</summary>
    public void Resize<T>(ImageBuffer image, ResizePlan plan, Span<byte> to) where T : struct, IByteLanes<T>
    {
        Check(image, plan, to);
        _columns.Set(plan.Source.Width, plan.Width, plan.Window.Left, plan.Window.Width);
        _pixels.Set(_columns, plan.Source.Width, T.Count / ImageBuffer.PixelBytes);
        _rows.Set(plan.Source.Height, plan.Height, plan.Window.Top, plan.Window.Height);
        int row = plan.Window.Width * Channels, stride = _pixels.Outputs * Channels + PixelTaps.Group;
        int needed = checked((_rows.End - _rows.Begin) * stride + T.Count);
        if (_between.Length < needed)
            _between = GC.AllocateUninitializedArray<byte>(needed);
        AlongRows<T>(image, plan.Source, stride);
        AlongColumns<T>(row, stride, to);
    }

    /// <summary>First pass: each needed row of the source to the window's width.</summary>
    private void AlongRows<T>(ImageBuffer image, Box source, int stride) where T : struct, IByteLanes<T>
    {
        ref byte pixels = ref MemoryMarshal.GetReference(image.PixelsAndSlack);
        ref byte between = ref MemoryMarshal.GetArrayDataReference(_between);
        for (int y = _rows.Begin; y < _rows.End; y++)
        {
            nint row = ((nint)(source.Top + y) * image.Width + source.Left) * ImageBuffer.PixelBytes;
            AlongRow<T>(ref Unsafe.Add(ref pixels, row), ref Unsafe.Add(ref between, (nint)(y - _rows.Begin) * stride));
        }
    }

    private void AlongRow<T>(ref byte from, ref byte to) where T : struct, IByteLanes<T>
    {
        ref int weight = ref MemoryMarshal.GetArrayDataReference(_pixels.Weights);
        ref int first = ref MemoryMarshal.GetArrayDataReference(_pixels.First);
        int bytes = _pixels.Stride * ImageBuffer.PixelBytes, outputs = _pixels.Outputs;
        for (int x = 0; x < outputs; x += PixelTaps.Group)
        {
            ref byte a = ref Unsafe.Add(ref from, (nint)first * ImageBuffer.PixelBytes);
            ref byte b = ref Unsafe.Add(ref from, (nint)Unsafe.Add(ref first, 1) * ImageBuffer.PixelBytes);
            ref byte c = ref Unsafe.Add(ref from, (nint)Unsafe.Add(ref first, 2) * ImageBuffer.PixelBytes);
            ref byte d = ref Unsafe.Add(ref from, (nint)Unsafe.Add(ref first, 3) * ImageBuffer.PixelBytes);
            T sumA = T.Fill(0), sumB = T.Fill(0), sumC = T.Fill(0), sumD = T.Fill(0);
            for (nint k = 0; k < bytes; k += T.Count)
            {
                sumA = T.AddProduct(sumA, ref Unsafe.Add(ref a, k), ref weight);
                sumB = T.AddProduct(sumB, ref Unsafe.Add(ref b, k), ref Unsafe.Add(ref weight, T.Count));
                sumC = T.AddProduct(sumC, ref Unsafe.Add(ref c, k), ref Unsafe.Add(ref weight, 2 * T.Count));
                sumD = T.AddProduct(sumD, ref Unsafe.Add(ref d, k), ref Unsafe.Add(ref weight, 3 * T.Count));
                weight = ref Unsafe.Add(ref weight, PixelTaps.Group * T.Count);
            }
            // Four bytes go with the twelve: the next pixels are written over them.
            Packed(T.Pixels(sumA, sumB, sumC, sumD)).StoreUnsafe(ref to);
            to = ref Unsafe.Add(ref to, PixelTaps.Group * Channels);
            first = ref Unsafe.Add(ref first, PixelTaps.Group);
        }
    }

    /// <summary>Four pixels without their fourth bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Packed(Vector128<byte> pixels) =>
        Vector128.Shuffle(pixels, Vector128.Create(0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 3, 7, 11, (byte)15));

    /// <summary>Second pass: the rows between to those of the window.</summary>
    private void AlongColumns<T>(int row, int stride, Span<byte> to) where T : struct, IByteLanes<T>
    {
        ref byte between = ref MemoryMarshal.GetArrayDataReference(_between);
        ref byte target = ref MemoryMarshal.GetReference(to);
        for (int y = 0; y < _rows.Outputs; y++)
        {
            ref byte from = ref Unsafe.Add(ref between, (nint)(_rows.First[y] - _rows.Begin) * stride);
            ref byte line = ref Unsafe.Add(ref target, (nint)y * row);
            ReadOnlySpan<int> weights = _rows.Weights.AsSpan(y * _rows.Stride, _rows.Count[y]);
            int at = 0;
            for (; at + T.Count <= row; at += T.Count)
                AddRows<T>(ref Unsafe.Add(ref from, at), stride, weights, ref Unsafe.Add(ref line, at));
            for (; at < row; at++)
                Unsafe.Add(ref line, at) = AddRows(ref Unsafe.Add(ref from, at), stride, weights);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRows<T>(ref byte from, int stride, ReadOnlySpan<int> weights, ref byte to) where T : struct, IByteLanes<T>
    {
        T sum = T.Fill(Taps.Half);
        for (int k = 0; k < weights.Length; k++)
            sum = T.AddProduct(sum, ref Unsafe.Add(ref from, (nint)k * stride), weights[k]);
        T.Store(sum, ref to);
    }

    private static byte AddRows(ref byte from, int stride, ReadOnlySpan<int> weights)
    {
        int sum = Taps.Half;
        for (int k = 0; k < weights.Length; k++)
            sum += Unsafe.Add(ref from, (nint)k * stride) * weights[k];
        return (byte)(sum >> Taps.Precision);
    }

    /// <summary>Nothing below looks at bounds.</summary>
    private static void Check(ImageBuffer image, ResizePlan plan, Span<byte> to)
    {
        var (source, window) = (plan.Source, plan.Window);
        bool inside = Inside(source, image.Width, image.Height) && Inside(window, plan.Width, plan.Height);
        if (!inside || to.Length != window.Width * window.Height * Channels)
            throw new ArgumentException($"{plan} does not fit an image of {image.Width} x {image.Height} and {to.Length} bytes");
    }

    private static bool Inside(Box box, int width, int height) => box is { Left: >= 0, Top: >= 0, Width: > 0, Height: > 0 }
        && box.Width <= width - box.Left && box.Height <= height - box.Top;
}
