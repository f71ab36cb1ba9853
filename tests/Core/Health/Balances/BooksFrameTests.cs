using CsCheck;
using DataHealth.Core.Health.Balances;
using DataHealth.Core.Ledger;
using static DataHealth.Core.Tests.Health.Balances.HandBooks;

namespace DataHealth.Core.Tests.Health.Balances;

public sealed class BooksFrameTests
{
    [Fact]
    public void Promise_10_Of_accounts_with_one_code_the_same_is_meant_in_any_order_of_rows()
    {
        LedgerAccount[] accounts =
        [
            Account("429", AccountClass.Expense) with { Id = "a", Activity = LedgerActivity.Archived }, Account("429", AccountClass.Expense) with { Id = "c" }, Account("429", AccountClass.Expense) with { Id = "b" },
            Account("x1", AccountClass.Expense) with { Id = "d" }, Account("X1", AccountClass.Expense) with { Id = "e", Activity = LedgerActivity.Archived },
        ];

        Gen.Shuffle(accounts).Sample(order =>
        {
            var frame = new BooksFrame();
            foreach (var account in order)
                frame.Add(account);

            (frame.Find(null, "429")!.Id, frame.Find(null, "X1")!.Id, frame.Find("a", "429")!.Id).ShouldBe(("b", "d", "a"), "the one in use, then the lower id; an id says which");
        }, iter: 50);
    }
}
