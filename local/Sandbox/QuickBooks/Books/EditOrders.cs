using DataHealth.Local.Sandbox.Calls;

namespace DataHealth.Local.Sandbox.QuickBooks.Books;

internal static class EditOrders
{
    public static EntityEdit AsEntityEdit(this EditOrder order, DateTime now) => new(order.Kind, order.Collection, order.Id, order.AtUtc ?? now, order.Salt, order.Set);
}
