namespace ReSTE.Native.Data.Tests.Mutations;

/// <summary>
/// Random damage to everything that is read of CIFAR; RESTE_MUTATIONS=N runs N mutations in all instead of the usual number.
/// </summary>
public sealed class CifarMutationTests
{
    private const int Seed = 20231003, Usual = 6000;

    [Fact]
    public void Random_damage_is_read_or_refused_at_once_and_within_bounds()
    {
        MutationSubject[] subjects = [.. BatchSubjects.All(), .. ArchiveSubjects.All()];
        int count = MutationRunner.Count(Usual);
        new MutationRunner(Seed, subjects).Run(count);
        if (count >= Usual)
        {
            Assert.All(subjects, subject =>
                Assert.True(subject is { Good: > 0, Refused: > 0 }, $"{subject.Name}: {subject.Good} read, {subject.Refused} refused"));
        }
    }
}
