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
        _columns.Set(plan.Source.Width, plan.Width, plan.Window.Left, plan.Window.Width, T.Count / 4, lanes: 4);
        _rows.Set(plan.Source.Height, plan.Height, plan.Window.Top, plan.Window.Height);
        int row = plan.Window.Width * Channels, stride = (row + T.Count - 1) / T.Count * T.Count + 1;
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
        ref int weights = ref MemoryMarshal.GetArrayDataReference(_columns.Weights);
        int pixels = T.Count / 4, outputs = _columns.Outputs, stride = _columns.Stride * 4;
        int[] first = _columns.First, count = _columns.Count;
        Vector128<int> half = Vector128.Create(Taps.Half);
        // One or two vectors for every output pixel, whose weights may be zero: a number that changes is guessed wrong by the processor.
        int few = _columns.MostCount <= 2 * pixels ? _columns.MostCount : 0;
        for (int x = 0; x < outputs; x++)
        {
            ref byte bytes = ref Unsafe.Add(ref from, (nint)first[x] * ImageBuffer.PixelBytes);
            ref int weight = ref Unsafe.Add(ref weights, (nint)x * stride);
            T sum = T.AddProduct(T.Fill(0), ref bytes, ref weight);
            int taps = few > 0 ? few : count[x];
            for (int k = pixels; k < taps; k += pixels)
                sum = T.AddProduct(sum, ref Unsafe.Add(ref bytes, k * ImageBuffer.PixelBytes), ref Unsafe.Add(ref weight, k * 4));
            // A fourth byte goes with the three: the next pixel is written over it.
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, x * Channels), Lanes4.Pixel(T.Fold(sum) + half));
        }
    }

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
