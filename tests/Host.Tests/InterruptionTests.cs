using System.Runtime.InteropServices;

namespace ReSTE.Native.Host.Tests;

/// <summary>What the first signal and those after it do.</summary>
public sealed class InterruptionTests
{
    private static readonly TimeSpan s_moment = TimeSpan.FromMilliseconds(1), s_later = TimeSpan.FromMilliseconds(250);

    public static TheoryData<PosixSignal, PosixSignal, int> Pairs
    {
        get
        {
            var pairs = new TheoryData<PosixSignal, PosixSignal, int>();
            foreach (var first in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            {
                pairs.Add(first, PosixSignal.SIGINT, ExitCode.Interrupted);
                pairs.Add(first, PosixSignal.SIGTERM, ExitCode.Terminated);
                pairs.Add(first, PosixSignal.SIGHUP, ExitCode.HungUp);
            }
            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_second_signal_of_any_kind_leaves_at_once(PosixSignal first, PosixSignal second, int code)
    {
        var (left, clock, farewell) = (0, new Clock(), "");
        using var interruption = new Interruption(code => left = code, clock)
        {
            Leaving = signal => farewell += signal,
        };
        interruption.Raise(first);
        Assert.True(interruption.Token.IsCancellationRequested);
        Assert.Equal(0, left);
        clock.Advance(s_later);
        Assert.Empty(farewell);
        interruption.Raise(second);
        Assert.Equal((code, second.ToString()), (left, farewell));
    }

    [Fact]
    public void A_farewell_that_hangs_keeps_nobody()
    {
        var left = 0;
        using var forever = new ManualResetEventSlim();
        using var interruption = new Interruption(code => left = code)
        {
            Leaving = _ => forever.Wait(),
        };
        interruption.Raise(PosixSignal.SIGINT);
        interruption.Raise(PosixSignal.SIGINT);
        Assert.Equal(ExitCode.Interrupted, left);
        forever.Set();
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM)]
    [InlineData(PosixSignal.SIGHUP)]
    public void A_request_that_comes_as_two_signals_at_once_is_one(PosixSignal signal)
    {
        var (left, clock) = (0, new Clock());
        using var interruption = new Interruption(code => left = code, clock);
        interruption.Raise(signal);
        clock.Advance(s_moment);
        interruption.Raise(signal);
        interruption.Raise(PosixSignal.SIGTERM);
        Assert.Equal(0, left);
        interruption.Raise(PosixSignal.SIGINT);
        Assert.Equal(ExitCode.Interrupted, left);
    }

    private sealed class Clock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Advance(TimeSpan time) => _now += time.Ticks;
    }
}
