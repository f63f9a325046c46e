namespace ReSTE.Native.Devices.Cuda;

/// <summary>
/// The struct <c>PixelTile</c> of the kernels, one parameter by value: a rectangle of pixels a block, of one image or of several. Counts
/// are powers of two, given as their logarithms.
/// </summary>
/// <param name="RowsLog">Rows of the rectangle.</param>
/// <param name="ColumnsLog">Columns of it.</param>
/// <param name="Down">Rectangles to an image, downwards.</param>
/// <param name="Across">And across.</param>
internal readonly record struct PixelTileArgument(uint RowsLog, uint ColumnsLog, uint Down, uint Across)
{
    // Four neighbours lie in one row: the kernels rely on it.
    private const int FewestColumnsLog = 2;

    /// <summary>
    /// The rectangle for images of given rows and columns that computes and reads least; null where the pixels around every one are more
    /// than a block has room for.
    /// </summary>
    /// <param name="rows">Rows of an image.</param>
    /// <param name="columns">Columns of it.</param>
    /// <param name="stride">Pixels read from one to the next.</param>
    /// <param name="taps">Pixels read along an axis for each.</param>
    /// <param name="pixelsLog">Logarithm of the pixels of a block.</param>
    /// <param name="mostHalo">Pixels that a block may read.</param>
    public static PixelTileArgument? For(int rows, int columns, int stride, int taps, uint pixelsLog, uint mostHalo)
    {
        PixelTileArgument? best = null;
        long least = long.MaxValue;
        for (int columnsLog = FewestColumnsLog; columnsLog <= (int)pixelsLog; columnsLog++)
        {
            for (int rowsLog = 0; rowsLog + columnsLog <= (int)pixelsLog; rowsLog++)
            {
                int imagesLog = (int)pixelsLog - rowsLog - columnsLog;
                long halo = (((1L << rowsLog) - 1) * stride + taps) * (((1L << columnsLog) - 1) * stride + taps) << imagesLog;
                long down = Over(rows, rowsLog), across = Over(columns, columnsLog);
                // What is computed for an image, each pixel once, and read for it.
                long work = down * across * ((1L << (rowsLog + columnsLog)) + (halo >> imagesLog));
                if (halo > mostHalo || work >= least)
                    continue;
                least = work;
                best = new((uint)rowsLog, (uint)columnsLog, (uint)down, (uint)across);
            }
        }

        return best;
    }

    /// <summary>Rectangles that cover a number of images.</summary>
    /// <param name="images">Their number.</param>
    /// <param name="pixelsLog">Logarithm of the pixels of a block.</param>
    public uint Tiles(int images, uint pixelsLog) =>
        checked((uint)Over(images, (int)(pixelsLog - RowsLog - ColumnsLog)) * Down * Across);

    private static long Over(int count, int log) => (count + (1L << log) - 1) >> log;
}
