using System.Diagnostics;
using ReSTE.Native.Devices;

namespace ReSTE.Native.Tapes;

/// <summary>Where in a step an operation runs.</summary>
public enum StepDirection
{
    /// <summary>From the images to the loss.</summary>
    Forward,

    /// <summary>From the loss to the gradients.</summary>
    Backward,

    /// <summary>After both: the optimiser, and what else changes from step to step.</summary>
    Update,
}

/// <summary>One operation of a step.</summary>
/// <param name="Kind">What it computes: binary_unit, batch_norm.</param>
/// <param name="Direction">Where in the step.</param>
/// <param name="Layer">Its result, or the tensor that it is about: layer1.0.conv1.</param>
/// <param name="Sizes">Of a convolution, kernel, input and output: 3x3, 16x32x32 to 32x16x16; null for others.</param>
/// <param name="Work">What it has to do at least; its bytes are those of the tensors that it reads or writes, each once.</param>
public sealed record StepOperation(string Kind, StepDirection Direction, string Layer, string? Sizes, LaunchWork Work);

/// <summary>
/// A step that runs operation by operation, and how long each of them took the last time. It does what the step does without a clock, and
/// allocates nothing.
/// </summary>
public sealed class StepClock
{
    private readonly Tape _tape;
    private readonly TapeStep[] _steps;

    // When the first operation began, then when each was over.
    private readonly long[] _marks;

    internal StepClock(Tape tape, TapeStep[] forward, TapeStep[] backward, TapeStep[] update)
    {
        _tape = tape;
        _steps = [.. forward, .. backward, .. update];
        _marks = new long[_steps.Length + 1];
        Operations =
        [
            .. Describe(forward, StepDirection.Forward), .. Describe(backward, StepDirection.Backward),
            .. Describe(update, StepDirection.Update),
        ];
    }

    /// <summary>In the order in which they run.</summary>
    public IReadOnlyList<StepOperation> Operations { get; }

    /// <summary>Copies the seconds that each operation took the last time.</summary>
    public void Read(Span<double> seconds)
    {
        if (seconds.Length != _steps.Length)
            throw new ArgumentException($"there are {_steps.Length} operations, the span is of {seconds.Length}");
        for (int i = 0; i < seconds.Length; i++)
            seconds[i] = Stopwatch.GetElapsedTime(_marks[i], _marks[i + 1]).TotalSeconds;
    }

    /// <summary>Runs the step of a tape, whose clock this must be.</summary>
    internal void Run(Tape tape)
    {
        if (tape != _tape)
            throw new ArgumentException("the clock is of another step");
        tape.BeginRun(tape.Device.Kernels);
        _marks[0] = Stopwatch.GetTimestamp();
        for (int i = 0; i < _steps.Length; i++)
        {
            _steps[i].Run(tape.Device.Kernels);
            _marks[i + 1] = Stopwatch.GetTimestamp();
        }
    }

    private static IEnumerable<StepOperation> Describe(TapeStep[] steps, StepDirection direction) =>
        steps.Select(step => OpListing.Describe(step, direction));
}
