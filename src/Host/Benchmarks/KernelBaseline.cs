using System.Text.Json;

namespace ReSTE.Native.Host;

/// <summary>Results of an earlier run to compare with.</summary>
internal sealed class KernelBaseline
{
    private readonly KernelResults _results;
    private readonly Dictionary<string, KernelRow> _rows = [];

    private KernelBaseline(KernelResults results)
    {
        _results = results;
        foreach (var row in results.Rows)
            _rows.TryAdd(Key(row), row);
    }

    /// <summary>Reads a file that a flag names; null where it names none. Refuses what is missing or of another version.</summary>
    public static KernelBaseline? Read(string flag, string? path)
    {
        if (path is null)
            return null;
        try
        {
            string text = File.ReadAllText(path);
            using var document = JsonDocument.Parse(text);
            int? form = document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("form", out var number)
                && number.TryGetInt32(out int value) ? value : null;
            if (form is { } other && other != KernelResults.CurrentForm)
            {
                throw HostException.Misuse($"{flag}: '{path}' has form {Numbers.Text(other)}, this program reads form " +
                    $"{Numbers.Text(KernelResults.CurrentForm)}", "measure the baseline again");
            }
            return form is null ? throw new JsonException() : new(KernelResults.Read(text));
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            throw HostException.Misuse($"{flag}: '{path}' holds no results of bench kernels", "give a file that --json wrote");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw HostException.Misuse($"{flag}: cannot read '{path}'",
                problem is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : TextFile.Reason(path, problem));
        }
    }

    /// <summary>What makes a comparison unfair, a line each.</summary>
    public IEnumerable<string> Differences(KernelResults now)
    {
        if (_results.Device != now.Device)
            yield return $"the baseline is of another device or other kernels: {_results.Device}";
        if (_results.Batch != now.Batch)
            yield return $"the baseline has batches of {Numbers.Text(_results.Batch)}: no row is compared";
    }

    /// <summary>The time of a row over its time then, warm; null where it was not measured then.</summary>
    public double? Ratio(KernelRow row, int batch) =>
        batch == _results.Batch && _rows.GetValueOrDefault(Key(row)) is { Warm.MedianUs: > 0 } then
            ? row.Warm.MedianUs / then.Warm.MedianUs : null;

    private static string Key(KernelRow row) => $"{row.Kernel} {row.Dataset} {row.Model} {row.Layer} {row.Bytes} {row.Bits} {row.Sign}";
}
